// Reads a page again and puts what changed in its place: focus, words being written and scroll positions stay.

const WHOLE = ['offline', 'toasts', 'news', 'signals'];
const listeners = [];

export function whenShown(listener) { listeners.push(listener); }

export async function read(path, options = {}) {
  const response = await fetch(path, { headers: { Accept: 'text/html' }, credentials: 'same-origin', ...options });
  if (new URL(response.url).pathname === '/console/sign-in') {
    location.assign('/console/sign-in');
    return new Promise(() => {});
  }
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (!response.ok) {
    const problem = page.getElementById('problem');
    throw Object.assign(new Error(problem ? problem.textContent : response.statusText), { type: problem?.dataset.type });
  }
  return { page, path: new URL(response.url).pathname + new URL(response.url).search };
}

export function put(page) {
  const here = document.getElementById('signals');
  const there = page.getElementById('signals');
  const sameCase = here.dataset.conversation === there.dataset.conversation && here.dataset.case === there.dataset.case;
  const kept = remember(sameCase);
  document.title = page.title;
  document.body.className = page.body.className;
  replace(document.querySelector('.top'), page.querySelector('.top'));
  replaceRows(page);
  if (sameCase && document.getElementById('log') && page.getElementById('log')) putCase(page);
  else replace(document.getElementById('main'), page.getElementById('main'));
  putSide(page, sameCase);
  Object.assign(here.dataset, { ...there.dataset });
  kept();
  for (const one of listeners) one(sameCase);
}

function putCase(page) {
  replace(document.getElementById('head'), page.getElementById('head'));
  merge(document.getElementById('log'), page.getElementById('log'));
  putComposer(page);
  const dialogs = document.getElementById('dialogs');
  if (dialogs && !dialogs.querySelector('dialog[open]')) replace(dialogs, page.getElementById('dialogs'));
}

function putComposer(page) {
  const here = document.getElementById('composer');
  const there = page.getElementById('composer');
  here.dataset.upset = there.dataset.upset;
  if (here.dataset.modes !== there.dataset.modes || !here.dataset.modes) replace(here, there);
  else {
    const drafts = [here.querySelector('.drafts'), there.querySelector('.drafts')];
    if (drafts[0] && drafts[1]) replace(...drafts);
    else if (drafts[1]) here.prepend(drafts[1]);
    else drafts[0]?.remove();
  }
}

function putSide(page, sameCase) {
  const [here, there] = [document.getElementById('side'), page.getElementById('side')];
  here.hidden = there.hidden;
  const file = document.getElementById('file');
  if (sameCase && file && page.getElementById('file')) {
    const top = file.scrollTop;
    replace(file, page.getElementById('file'), (made) => { made.hidden = file.hidden; made.scrollTop = top; });
  } else if (here.innerHTML !== there.innerHTML) here.replaceChildren(...there.childNodes);
}

function replaceRows(page) {
  const [here, there] = [document.getElementById('rows'), page.getElementById('rows')];
  const top = here.scrollTop;
  for (const row of there.querySelectorAll('.row')) {
    const before = document.getElementById(row.id);
    const news = before && row.dataset.heard && before.dataset.heard !== row.dataset.heard;
    if ((news || before?.classList.contains('unread')) && row.getAttribute('aria-current') !== 'true') row.classList.add('unread');
  }
  const filters = [document.querySelector('.filters'), page.querySelector('.filters')];
  if (Boolean(filters[0]) !== Boolean(filters[1])) replace(document.getElementById('list'), page.getElementById('list'));
  else {
    replace(...filters);
    replace(here, there);
  }
  document.getElementById('rows').scrollTop = top;
}

// Messages have ids of their own: only new ones are added, so that a screen reader says only those.
function merge(here, there) {
  const atEnd = here.scrollHeight - here.scrollTop - here.clientHeight < 80;
  const wanted = [...there.children];
  const ids = new Set(wanted.map((one) => one.id));
  for (const one of [...here.children]) if (!ids.has(one.id)) one.remove();
  wanted.forEach((one, n) => {
    const known = one.id && document.getElementById(one.id);
    if (known && known.outerHTML !== one.outerHTML && !known.classList.contains('found')) known.replaceWith(one);
    else if (!known) here.insertBefore(one, here.children[n] || null);
  });
  if (atEnd) here.scrollTop = here.scrollHeight;
}

function replace(here, there, after) {
  if (!here || !there || here.outerHTML === there.outerHTML) return;
  here.replaceWith(there);
  if (after) after(there);
}

function remember(sameCase) {
  const active = document.activeElement;
  const id = active?.id || active?.closest('[id]')?.id;
  const name = active?.getAttribute?.('name');
  return () => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const owner = id && document.getElementById(id);
    const again = owner && name ? owner.querySelector(`[name="${CSS.escape(name)}"]`) || owner : owner;
    if (again && (sameCase || !WHOLE.includes(again.id))) again.focus({ preventScroll: true });
  };
}
