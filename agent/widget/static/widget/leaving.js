// What one does with a conversation as a whole: keep it, print it, delete it, rate it.

import { button, freshId, icon, make } from './elements.js';

export function drawMenu(says, acts) {
  const id = freshId('menu');
  const list = make('ul', { id, hidden: true });
  const opener = button('', () => show(list.hidden), { look: 'icon', 'aria-label': says.more, 'aria-expanded': 'false', 'aria-controls': id }, icon('more'));
  const show = (is) => {
    list.hidden = !is;
    opener.setAttribute('aria-expanded', String(is));
    if (is) { list.replaceChildren(...entries()); list.querySelector('button').focus() }
  };
  const entry = (label, act) => make('li', {}, button(label, () => { show(false); opener.focus(); act() }));
  const entries = () => [
    entry(says.download, acts.download), entry(says.print, acts.print), entry(says.rate, acts.rate), entry(says.again, acts.again),
    make('li', {}, button(says.erase, () => sure())),
  ];
  const sure = () => {
    list.replaceChildren(make('li', {}, make('p', {}, says.eraseSure)), entry(says.eraseYes, acts.erase), make('li', {}, button(says.cancel, () => { show(false); opener.focus() })));
    list.querySelector('button').focus();
  };
  const menu = make('div.menu', {
    onkeydown: (event) => { if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); show(false); opener.focus() } },
    onfocusout: (event) => { if (!menu.contains(event.relatedTarget) && event.relatedTarget) show(false) },
  }, opener, list);
  return menu;
}

export function drawRating(says, rate) {
  const name = freshId('rating');
  const stars = make('fieldset.stars', {}, make('legend', {}, says.rateTitle), ...[1, 2, 3, 4, 5].map((value) => choice(name, value, says.stars.replace('{n}', value), `${value} ★`)));
  const solved = make('fieldset', {}, make('legend', {}, says.solved), choice(`${name}-solved`, 'yes', says.yes, says.yes), choice(`${name}-solved`, 'no', says.notYet, says.notYet));
  const note = make('textarea', { id: `${name}-note`, rows: 2, maxlength: 2000 });
  const form = make('form.card.rating', {
    part: 'card card-rating',
    onsubmit: async (event) => {
      event.preventDefault();
      const picked = (group) => form.querySelector(`input[name="${group}"]:checked`)?.value;
      const rating = Number(picked(name)) || null;
      const resolved = picked(`${name}-solved`);
      if (!rating && !resolved && !note.value.trim()) return;
      const kept = await rate({ rating, resolved: resolved ? resolved === 'yes' : null, comment: note.value.trim() || null });
      if (kept) form.replaceChildren(make('p', {}, says.thanks));
    },
  }, stars, solved, make('p.field', {}, make('label', { for: `${name}-note` }, says.comment), note), make('div.buttons', {}, make('button.main', { type: 'submit' }, says.send)));
  return form;
}

function choice(name, value, label, shown) {
  const id = freshId('choice');
  return make('span.radio', {}, make('input', { type: 'radio', id, name, value, 'aria-label': label }), make('label', { for: id }, shown));
}
