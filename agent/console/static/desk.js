// The desk's page. Everything on it is rendered by the server; this only moves between pages without leaving, sends forms
// and keeps what is shown up to date.

import { badge, showBell, startBell, toggleBell } from './bell.js';
import { startClock, tick } from './clock.js';
import { cite, forget, hold, mayGo, sent, showComposer, useDraft } from './composer.js';
import { startKeys } from './keys.js';
import { startLive } from './live.js';
import { put, read, whenShown } from './regions.js';
import { jump, openSide, search, showTab } from './side.js';

const TOAST_MS = 4000;

let going = 0;

async function go(path, { push = true, focus = true } = {}) {
  const mine = ++going;
  try {
    const found = await read(path);
    if (mine !== going) return;
    put(found.page);
    if (push) history.pushState(null, '', found.path);
    if (focus) document.getElementById('main').focus({ preventScroll: true });
  } catch (error) {
    toast(error.message, true);
  }
}

function open(row) {
  row.focus();
  return go(row.getAttribute('href'), { focus: false });
}

async function send(form, submitter) {
  if (!mayGo(form)) return;
  const body = new URLSearchParams(new FormData(form));
  const done = form.querySelector('[name=mode]:checked')?.dataset.done || form.dataset.done;
  body.append('sent_as', (form.dataset.sentAs ||= crypto.randomUUID()));
  const buttons = [...form.querySelectorAll('button')];
  for (const one of buttons) one.disabled = true;
  hold(form, true);
  try {
    const found = await read(submitter?.formAction || form.action, { method: 'POST', body });
    delete form.dataset.sentAs;
    sent(form);
    form.closest('dialog')?.close();
    if ('quiet' in form.dataset) return;
    put(found.page);
    if (done) toast(done);
    const kept = found.path.split('?')[0] === location.pathname;
    history[kept ? 'replaceState' : 'pushState'](null, '', kept ? location.pathname + location.search : found.path);
    scrollDown();
  } catch (error) {
    toast(error.message, true);
  } finally {
    for (const one of buttons) one.disabled = false;
    hold(form, false);
  }
}

function toast(words, bad = false) {
  const made = document.createElement('p');
  made.className = bad ? 'toast bad' : 'toast';
  made.textContent = words;
  document.getElementById('toasts').replaceChildren(made);
  setTimeout(() => made.remove(), TOAST_MS);
}

function scrollDown() {
  const log = document.getElementById('log');
  if (log) log.scrollTop = log.scrollHeight;
}

// The last words stay in sight when the box below them grows.
const growing = new ResizeObserver(([{ target }]) => { if (target.dataset.atEnd === '1') target.scrollTop = target.scrollHeight; });

function watchLog() {
  const log = document.getElementById('log');
  if (!log || log.dataset.atEnd) return;
  log.dataset.atEnd = '1';
  log.addEventListener('scroll', () => { log.dataset.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80 ? '1' : '0'; });
  growing.disconnect();
  growing.observe(log);
}

function shown(sameCase) {
  watchLog();
  showBell();
  badge();
  showComposer();
  tick();
  if (!sameCase) scrollDown();
}

function changeTheme() {
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark';
  const next = dark ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  document.cookie = `postventa_desk_theme=${next}; path=/console; max-age=31536000; samesite=strict`;
}

const CLICKS = [
  ['[data-swaps]', (one) => { go(one.getAttribute('href')); }],
  ['[data-jumps]', (one) => jump(one.getAttribute('href').slice(1))],
  ['[data-opens]', (one) => document.getElementById(one.dataset.opens).showModal()],
  ['[data-closes]', (one) => one.closest('dialog').close()],
  ['.draft', (one) => useDraft(one)],
  ['[data-cites]', (one) => cite(one.dataset.cites)],
  ['.side-tabs [role=tab]', (one) => showTab(one.getAttribute('aria-controls'))],
  ['#side-toggle', () => openSide(true)],
  ['#side-close', () => openSide(false)],
  ['#sound', toggleBell],
  ['#theme', changeTheme],
];

document.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  for (const [selector, act] of CLICKS) {
    const found = event.target.closest(selector);
    if (found) {
      if (found.tagName.toLowerCase() === 'a') event.preventDefault();
      act(found);
      return;
    }
  }
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if ('move' in form.dataset || 'quiet' in form.dataset) {
    event.preventDefault();
    send(form, event.submitter?.hasAttribute('formaction') ? event.submitter : null);
  } else if (form.id === 'search') event.preventDefault();
  else if (form.id === 'sign-out') forget();
});

document.addEventListener('change', (event) => {
  if (!event.target.matches?.('[data-submits]')) return;
  const form = event.target.form;
  if ('quiet' in form.dataset) {
    event.target.closest('.dot-select')?.setAttribute('class', `dot-select dot-${event.target.value}`);
    form.requestSubmit();
  } else go(`/console?${new URLSearchParams(new FormData(form))}`, { focus: false });
});

document.addEventListener('input', (event) => { if (event.target.id === 'q') search(event.target); });

document.addEventListener('keydown', (event) => {
  const tab = event.target.closest?.('.side-tabs [role=tab]');
  if (!tab || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
  const other = [...document.querySelectorAll('.side-tabs [role=tab]')].find((one) => one !== tab);
  other.focus();
  other.click();
});

addEventListener('popstate', () => go(location.pathname + location.search, { push: false }));

startClock();
startBell();
startKeys(open);
startLive();
whenShown(shown);
shown(false);
