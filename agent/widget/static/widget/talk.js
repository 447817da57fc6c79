// One conversation with the service: what was said is fetched, what is typed is sent once, whatever the line does.

const EVENTS = [
  'alive', 'turn.started', 'tool.started', 'done', 'human.message', 'human.typing',
  'handoff.queued', 'handoff.claimed', 'handoff.returned', 'handoff.resolved', 'handoff.transferred', 'handoff.reopened',
];
const TRY_AGAIN_MS = [1000, 2000, 5000, 10000, 20000];
const PATIENCE_MS = 75000;
const ASLEEP_MS = 20000;
const SILENCE_MS = 40000; // the service says something every 15 seconds
const LOOK_MS = 10000;

export class Talk extends EventTarget {
  #base; #key; #shelf; #tray; #locale; #shopper; #stream; #seen = new Set(); #turns = new Set(); #sending; #syncing = Promise.resolve(); #tries = 0; #looks = 0; #heardAt = 0;

  constructor({ base, key, locale, remember }) {
    super();
    this.#base = base;
    this.#key = key;
    this.#locale = locale;
    this.#shelf = shelf(remember === 'local' ? 'localStorage' : 'sessionStorage', `postventa:${key}`);
    takeMailed(this.#shelf);
    this.#tray = shelf('sessionStorage', `postventa:${key}:tray`);
    const [head, tray] = [this.#shelf.read(), this.#tray.read()];
    this.kept = { outbox: [], seq: 0, ...(tray.of === head.id && tray), ...head };
    addEventListener('online', () => this.#wake());
    addEventListener('pageshow', (event) => event.persisted && this.#wake(true));
    let hidden = 0;
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') hidden = Date.now();
      else this.#wake(Date.now() - hidden > ASLEEP_MS);
    });
    document.addEventListener('resume', () => this.#wake(true));
    setInterval(() => Date.now() - this.#heardAt > SILENCE_MS && this.#wake(true), LOOK_MS);
  }

  get begun() { return Boolean(this.kept.id) }
  get path() { return `v1/conversations/${this.kept.id}` }

  // The conversation is this shopper's, in every tab; what is under way in it is this tab's.
  keep(changes) {
    Object.assign(this.kept, changes);
    const { id, token, shopper, open, seq, event, status, outbox } = this.kept;
    this.#shelf.write({ id, token, shopper, open });
    this.#tray.write({ of: id, seq, event, status, outbox });
  }

  // Opens a conversation, or takes up the one of before the reload; tells what was said in it.
  async begin() {
    if (this.begun) {
      this.kept.seq = 0;
      const state = await this.#call(this.path, { method: 'GET' }).catch((error) => { if (error.status !== 404) throw error; this.#forget() });
      if (state) {
        await this.sync();
        this.#tell('state', state);
        this.#listen();
        return this.#send();
      }
    }
    const opened = await this.#call('v1/conversations', { body: { locale: this.#locale, channel: 'web', shopper_token: this.#shopper } });
    this.keep({ id: opened.id, token: opened.token, seq: 0, event: '0-0', status: opened.status });
    this.#tell('disclosure', { text: opened.disclosure });
    this.#listen();
    return this.#send();
  }

  // Who the shopper is by the storefront's word: a new conversation, since the old one was somebody else's; but not one
  // that came by a link from their own mail. Without a token nobody is signed in any more.
  identify(token) {
    this.#shopper = token || undefined;
    const subject = subjectOf(token);
    if (this.kept.shopper === subject) return false;
    const mailed = this.kept.shopper === 'mailed';
    if (mailed && !token) return false;
    if (!mailed) this.#forget();
    this.keep({ shopper: subject });
    return !mailed;
  }

  say(text) {
    const letter = { client_message_id: crypto.randomUUID(), text };
    this.keep({ outbox: [...this.kept.outbox, letter] });
    this.#tell('pending', letter);
    return this.#send();
  }

  decide(action, decision) { return this.#move(`/actions/${encodeURIComponent(action)}/${decision}`) }
  person() { return this.#move('/handoff') }
  rate(feedback) { return this.#call(`${this.path}/feedback`, { body: feedback }) }
  typing() { return this.#call(`${this.path}/typing`).catch(() => {}) }
  async transcript(format) { return (await this.#fetch(`${this.path}/transcript?format=${format}`, { method: 'GET' })).blob() }

  async attach(file) {
    const headers = { 'Content-Type': file.type, 'Idempotency-Key': crypto.randomUUID() };
    const kept = await (await this.#fetch(`${this.path}/attachments`, { method: 'POST', body: file, headers })).json();
    this.#show(kept);
  }

  async erase() {
    await this.#call(this.path, { method: 'DELETE' });
    this.#forget();
  }

  startAgain() { this.#forget(); return this.begin() }

  // Everything said since the last time, each message once.
  sync() {
    this.#syncing = this.#syncing.catch(() => {}).then(async () => {
      for (let more = true; more;) {
        const page = await this.#call(`${this.path}/messages?limit=200&after=${this.kept.seq}`, { method: 'GET' });
        for (const message of page.messages) {
          this.keep({ seq: Math.max(this.kept.seq, message.seq) });
          if (this.#seen.has(message.id)) continue;
          this.#seen.add(message.id);
          this.#tell('message', message);
        }
        page.attachments?.forEach((one) => this.#show(one));
        more = page.next_after !== null;
      }
    });
    return this.#syncing;
  }

  // Who answers now, and the place in the queue; the cards have been shown.
  async look() {
    const look = this.#looks += 1;
    const { status, handoff } = await this.#call(this.path, { method: 'GET' });
    if (look !== this.#looks) return;
    this.keep({ status });
    this.#tell('state', { status, handoff });
  }

  async picture(url) { return (await this.#fetch(url.slice(1), { method: 'GET' })).blob() }

  #show(photo) {
    if (this.#seen.has(photo.name)) return;
    this.#seen.add(photo.name);
    this.#tell('photo', photo);
  }

  async #move(path) {
    const key = crypto.randomUUID();
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#take(await this.#call(this.path + path, { headers: { 'Idempotency-Key': key } }));
      } catch (error) {
        if (error.status || tries >= 2) throw error;
        await pause(TRY_AGAIN_MS[tries]);
      }
    }
  }

  // One letter after the other; what cannot be sent now stays in the outbox and goes out later, once.
  #send() {
    this.#sending ??= this.#empty().finally(() => { this.#sending = undefined });
    return this.#sending;
  }

  async #empty() {
    while (this.kept.outbox.length && this.begun) {
      const [letter] = this.kept.outbox;
      try {
        const turn = await this.#call(`${this.path}/messages`, { body: letter });
        this.#posted(letter);
        await this.#take(turn);
        this.#tries = 0;
      } catch (error) {
        if (error.status === 404) return this.#tell('gone', {});
        if (error.status && error.status !== 429 && error.status < 500) {
          this.#posted(letter);
          this.#tell('refused', { letter, detail: error.message });
          continue;
        }
        this.#tell('waiting', { letter, offline: !error.status });
        setTimeout(() => this.#send(), error.after ? error.after * 1000 : this.#nextTry());
        return undefined;
      }
    }
    return undefined;
  }

  #posted(letter) { this.keep({ outbox: this.kept.outbox.filter((one) => one.client_message_id !== letter.client_message_id) }) }

  // A turn's answer comes by the request and by the stream, in every tab; it is taken once.
  async #take(turn) {
    if (this.#turns.has(turn.id)) return;
    this.#turns.add(turn.id);
    this.keep({ status: turn.status });
    await this.sync();
    this.#tell('turn', turn);
  }

  #listen() {
    this.#stream?.close();
    this.#heardAt = Date.now();
    const url = new URL(`${this.path}/events`, this.#base);
    url.search = new URLSearchParams({ key: this.#key, token: this.kept.token, last_event_id: this.kept.event ?? '0-0' });
    const stream = this.#stream = new EventSource(url);
    stream.onopen = () => { this.#tries = 0; this.#tell('online', {}); this.sync().catch(() => {}) };
    stream.onerror = () => {
      this.#tell('offline', {});
      if (stream.readyState === EventSource.CLOSED && stream === this.#stream) setTimeout(() => stream === this.#stream && this.#listen(), this.#nextTry());
    };
    for (const name of EVENTS) stream.addEventListener(name, (event) => stream === this.#stream && this.#hear(name, event).catch(() => {}));
  }

  async #hear(name, event) {
    this.#heardAt = Date.now();
    if (event.lastEventId) this.keep({ event: event.lastEventId });
    const data = JSON.parse(event.data);
    if (name === 'done') await this.#take(data.turn);
    else if (name === 'human.message' || name.startsWith('handoff.')) await this.sync();
    if (name.startsWith('handoff.')) await this.look();
    this.#tell(name, data);
  }

  // After a sleep, or behind a router that has forgotten it, a stream may seem open whose other end is long gone.
  #wake(slept = false) {
    if (!this.begun || !this.#stream) return;
    if (slept || this.#stream.readyState !== EventSource.OPEN) this.#listen();
    this.sync().catch(() => {});
    this.#send();
  }

  #forget() {
    this.#stream?.close();
    this.#stream = undefined;
    this.#seen.clear();
    this.keep({ id: undefined, token: undefined, seq: 0, event: undefined, status: undefined, outbox: [] });
    this.#tell('forgotten', {});
  }

  #nextTry() { return TRY_AGAIN_MS[Math.min(this.#tries++, TRY_AGAIN_MS.length - 1)] }
  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })) }

  async #call(path, { method = 'POST', body, headers = {} } = {}) {
    const answer = await this.#fetch(path, {
      method, headers: body ? { 'Content-Type': 'application/json', ...headers } : headers, body: body && JSON.stringify(body),
    });
    return answer.status === 204 ? null : answer.json();
  }

  async #fetch(path, { headers = {}, ...request }) {
    const answer = await fetch(new URL(path, this.#base), {
      ...request, signal: AbortSignal.timeout(PATIENCE_MS), credentials: 'omit',
      headers: { Accept: 'application/json', Authorization: `Bearer ${this.#key}`, ...(this.kept.token && { 'X-Conversation-Token': this.kept.token }), ...headers },
    });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail ?? problem.title ?? answer.statusText), { status: answer.status, after: Number(answer.headers.get('Retry-After')) || 0 });
  }
}

// Where a conversation's key is kept: for this tab, or on this device when the shop wants that. Without storage, in memory.
function shelf(kind, name) {
  let place = null;
  try { place = window[kind] } catch { /* blocked */ }
  return {
    read() { try { return JSON.parse(place?.getItem(name)) ?? {} } catch { return {} } },
    write(kept) { try { place?.setItem(name, JSON.stringify(kept)) } catch { /* full or blocked */ } },
  };
}

const pause = (ms) => new Promise((go) => { setTimeout(go, ms) });

// Whose token it is, to tell a new page of the same shopper from another shopper; the service checks the rest.
function subjectOf(token) {
  try { return JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sub } catch { return undefined }
}

// A case that was mailed: its link carries the conversation behind the #, which no server sees, and it is gone at once.
function takeMailed(shelf) {
  const [, id, token] = /^#postventa=([\w-]+)\/([\w.-]+)$/.exec(location.hash) ?? [];
  if (!id) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  shelf.write({ id, token, shopper: 'mailed', open: true });
}
