// One key, one thing; never while somebody writes.

import { write, useDraft } from './composer.js';
import { openSide, toSearch } from './side.js';

const WRITES = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]';

export function startKeys(open) {
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return leave();
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return undefined;
    if (event.target.closest?.(WRITES)) return undefined;
    const done = press(event.key, open);
    if (done) event.preventDefault();
    return undefined;
  });
}

function press(key, open) {
  const known = {
    j: () => step(1, open), k: () => step(-1, open), r: () => write('reply'), n: () => write('note'),
    '/': () => { toSearch(); return true; }, '?': () => { document.getElementById('keys').showModal(); return true; },
    q: () => { focusQueue(); return true; },
    i: () => { openSide(!document.getElementById('side').classList.contains('open')); return true; },
    c: () => click('[data-key=c]') || click('.empty-main [data-move] button'),
    t: () => click('[data-key=t]'), b: () => click('[data-key=b]'), e: () => click('[data-key=e]'),
  };
  if (/^[123]$/.test(key)) {
    const draft = document.querySelector(`.draft[data-key="${key}"]`);
    if (draft) useDraft(draft);
    return Boolean(draft);
  }
  return known[key.toLowerCase()]?.() || false;
}

function click(selector) {
  const button = document.querySelector(`#main ${selector}`);
  button?.click();
  return Boolean(button);
}

function step(by, open) {
  const rows = [...document.querySelectorAll('#rows .row')];
  const at = rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  if (!next) return rows.length > 0;
  open(next);
  return true;
}

function focusQueue() {
  (document.querySelector('#rows .row[aria-current]') || document.querySelector('#rows .row') || document.getElementById('list')).focus();
}

function leave() {
  if (document.querySelector('dialog[open]')) return;
  openSide(false);
  document.querySelector('.menu[open]')?.removeAttribute('open');
  document.activeElement?.blur();
}
