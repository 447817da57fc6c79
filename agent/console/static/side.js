// What is known beside the conversation: two tabs, a search, and links to messages.

import { read } from './regions.js';

export function showTab(name) {
  for (const tab of document.querySelectorAll('.side-tabs [role=tab]')) {
    const chosen = tab.getAttribute('aria-controls') === name;
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.getAttribute('aria-controls')).hidden = !chosen;
  }
}

export function openSide(open) {
  const side = document.getElementById('side');
  if (side.hidden) return;
  side.classList.toggle('open', open);
  document.getElementById('side-toggle')?.setAttribute('aria-expanded', String(side.classList.contains('open')));
}

export function toSearch() {
  if (!document.getElementById('q')) return;
  openSide(true);
  showTab('knowledge');
  document.getElementById('q').focus();
}

let asked = null;

export function search(input) {
  clearTimeout(asked);
  asked = setTimeout(async () => {
    const query = new URLSearchParams({ q: input.value, locale: input.form.elements.locale.value });
    const { page } = await read(`/console/search?${query}`);
    if (input.isConnected) document.getElementById('found').replaceChildren(...page.body.childNodes);
  }, 180);
}

export function jump(id) {
  const message = document.getElementById(id);
  if (!message) return;
  openSide(false);
  for (const one of document.querySelectorAll('.found')) one.classList.remove('found');
  message.classList.add('found');
  message.scrollIntoView({ block: 'center' });
  message.focus({ preventScroll: true });
  setTimeout(() => message.classList.remove('found'), 2500);
}
