// Photos: picked in the composer, shown as a line in the log. They are saved to look at, never shown from the shop's page.

import { button, freshId, icon, make } from './elements.js';

const KINDS = ['image/jpeg', 'image/png', 'image/webp'];
const MOST_BYTES = 8 * 1024 * 1024;

export function photoPicker(says, attach, tell) {
  const input = make('input', { type: 'file', id: freshId('photo'), accept: KINDS.join(','), hidden: true, 'aria-label': says.photo, onchange: () => {
    const [file] = input.files;
    input.value = '';
    if (!file) return undefined;
    return KINDS.includes(file.type) && file.size <= MOST_BYTES ? attach(file) : tell(says.photoBad);
  } });
  return [button('', () => input.click(), { look: 'icon', 'aria-label': says.photo, part: 'photo' }, icon('photo')), input];
}

export function drawPhoto(photo, says, open) {
  return make('article.message.shopper', { part: 'message message-shopper', 'data-at': photo.at },
    make('span.who', {}, says.you), make('p', {}, icon('photo'), ` ${says.photoSent} `, button(says.save, open, { look: 'plain' })));
}

export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
