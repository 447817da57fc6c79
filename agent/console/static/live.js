// The one stream of the page. It tells that something changed; the page is then read again.

import { put, read, whenShown } from './regions.js';
import { ring } from './bell.js';

const TYPING_MS = 5000;
const LIVE_MS = 4000;
let source = null;
let opened = null;
let waiting = null;
let reading = false;
let again = false;
let typingUntil = 0;

const signals = () => document.getElementById('signals').dataset;

export function startLive() {
  connect();
  whenShown(connect);
  setInterval(() => {
    const typing = document.getElementById('typing');
    if (typing && Date.now() > typingUntil) typing.hidden = true;
    if (document.body.classList.contains('view-live') && !document.hidden && Date.now() % LIVE_MS < 1000) refresh();
  }, 1000);
}

export function refresh(after = 60) {
  clearTimeout(waiting);
  waiting = setTimeout(readAgain, after);
}

async function readAgain() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  const path = location.pathname + location.search;
  try {
    const { page } = await read(path);
    if (path === location.pathname + location.search) put(page);
  } catch (error) {
    if (error.type) location.assign('/console');
  } finally {
    reading = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function connect() {
  const conversation = signals().conversation;
  if (source && opened === conversation && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  const first = opened === null;
  opened = conversation;
  source = new EventSource(`${signals().stream}?conversation=${encodeURIComponent(conversation)}`);
  let before = first;
  source.addEventListener('open', () => {
    document.getElementById('offline').hidden = true;
    if (!before) refresh(0);
    before = false;
  });
  source.addEventListener('error', () => {
    document.getElementById('offline').hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(readAgain, 3000);
  });
  source.addEventListener('queue', (event) => hearQueue(JSON.parse(event.data)));
  source.addEventListener('case', (event) => hearCase(JSON.parse(event.data)));
  source.addEventListener('typing', (event) => hearTyping(JSON.parse(event.data)));
}

function hearQueue(told) {
  if (told.type === 'handoff.queued' || (told.type === 'handoff.transferred' && told.claimed_by === signals().me)) {
    ring();
    say(signals().newCase, told.customer || '');
  }
  refresh();
}

function hearCase(told) {
  if (told.type === 'shopper.message') {
    typingUntil = 0;
    const typing = document.getElementById('typing');
    if (typing) typing.hidden = true;
  }
  refresh();
}

function hearTyping(told) {
  const typing = document.getElementById('typing');
  if (!typing || told.person === signals().me) return;
  const shopper = document.querySelector('.case-names h2')?.firstChild.textContent.trim();
  typing.textContent = signals().typing.replace('%s', told.person || shopper || '');
  typing.hidden = false;
  typingUntil = Date.now() + TYPING_MS;
}

function say(sentence, name) {
  document.getElementById('news').textContent = sentence.replace('%s', name);
}
