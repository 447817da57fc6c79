// The box to write in: reply, note or whisper; drafts; a nudge before a draft goes out to somebody upset as it is.

const TYPING_EVERY_MS = 3000;
const KEY = 'postventa-desk-unsent';
let told = 0;
let draft = null;

const form = () => document.querySelector('[data-composer]');
const box = () => document.getElementById('text');

export function showComposer() {
  const it = form();
  if (!it || it.dataset.ready) return;
  it.dataset.ready = '1';
  draft = null;
  restore(it);
  box().addEventListener('input', () => {
    keep();
    delete it.dataset.sentAs;
    document.getElementById('nudge').hidden = true;
    tell(it);
  });
  box().addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      it.requestSubmit();
    }
  });
  for (const mode of it.querySelectorAll('[name=mode]')) mode.addEventListener('change', () => choose(mode));
  it.querySelector('[data-nudge=edit]').addEventListener('click', () => {
    document.getElementById('nudge').hidden = true;
    box().focus();
    box().setSelectionRange(0, 0);
  });
  it.querySelector('[data-nudge=send]').addEventListener('click', () => {
    draft = null;
    it.requestSubmit();
  });
}

// Words begun as a note never come back as a reply.
function restore(it) {
  const kept = shelf()[it.dataset.case];
  const mode = kept && it.querySelector(`[name=mode][value=${kept.mode}]`);
  if (!mode) return;
  mode.checked = true;
  choose(mode);
  box().value = kept.words;
}

function keep(words = box().value) {
  const { [form().dataset.case]: _, ...others } = shelf();
  if (words) others[form().dataset.case] = { words, mode: form().elements.mode.value };
  sessionStorage.setItem(KEY, JSON.stringify(others));
}

function shelf() {
  return JSON.parse(sessionStorage.getItem(KEY) || '{}');
}

export function forget() {
  sessionStorage.removeItem(KEY);
}

function choose(mode) {
  form().action = mode.dataset.action;
  box().placeholder = mode.dataset.hint;
  if (box().value) keep();
  for (const one of document.querySelectorAll('.drafts')) one.hidden = mode.value !== 'reply';
}

export function write(mode) {
  const wanted = form()?.querySelector(`[name=mode][value=${mode}]`);
  if (!wanted) return false;
  wanted.checked = true;
  choose(wanted);
  box().focus();
  return true;
}

export function useDraft(button) {
  if (!write('reply')) return;
  draft = { id: button.dataset.draft, text: button.dataset.text.trim() };
  form().elements.draft_id.value = draft.id;
  box().value = button.dataset.text;
  const source = button.querySelector('.draft-source')?.textContent;
  const shown = document.getElementById('drafted');
  shown.hidden = !source;
  shown.querySelector('span').textContent = source || '';
  keep();
  box().focus();
}

export function cite(text) {
  if (!write('reply')) return;
  const before = box().value.trimEnd();
  box().value = before ? `${before}\n\n${text}` : text;
  keep();
  box().focus();
}

// Whether it may go out now. An unedited draft to somebody upset waits for a second word.
export function mayGo(it) {
  if (it !== form()) return true;
  const replying = it.elements.mode.value === 'reply';
  const untouched = draft && box().value.trim() === draft.text;
  const upset = document.getElementById('composer').dataset.upset === '1';
  if (!(replying && untouched && upset)) return true;
  document.getElementById('nudge').hidden = false;
  it.querySelector('[data-nudge=edit]').focus();
  return false;
}

// While it is on its way nothing more is written: it would be lost, or be sent as something else.
export function hold(it, is) {
  if (it === form()) box().readOnly = is;
}

export function sent(it) {
  if (it !== form()) return;
  keep('');
  draft = null;
  it.elements.draft_id.value = '';
  document.getElementById('drafted').hidden = true;
  box().value = '';
}

function tell(it) {
  if (it.elements.mode.value !== 'reply' || Date.now() - told < TYPING_EVERY_MS || !box().value) return;
  told = Date.now();
  const body = new URLSearchParams({ form: it.elements.form.value });
  fetch(`/console/cases/${it.dataset.case}/typing`, { method: 'POST', body, credentials: 'same-origin' }).catch(() => {});
}
