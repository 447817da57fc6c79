// The open widget: the conversation, what can be pressed in it, and the way to a person.

import { drawCard, settle } from './cards.js';
import { factsForm } from './asking.js';
import { drawMenu, drawRating } from './leaving.js';
import { button, freshId, icon, link, make, withLinks } from './elements.js';
import { dataUsed } from './data-use.js';
import { drawPhoto, photoPicker, save } from './photos.js';
import { Talk } from './talk.js';

const TYPING_MS = 4000;
const LONG_S = 7200;
const LOOK_AGAIN_MS = 30000;
const WHOLE_SCREEN = matchMedia('(max-width: 520px), (max-height: 420px)'); // as in panel.css

// Opening is cut into tasks of the browser, so that none of them holds up a slow phone: read, build, show.
export async function makePanel(host, base, style, words) {
  // A shop's own words lie over ours, one by one; without them (or when they cannot be had) ours stand.
  const own = host.dataset.texts ? fetch(host.dataset.texts).then((answer) => answer.json()).catch(() => ({})) : {};
  const sheet = new CSSStyleSheet();
  const [says, more] = await Promise.all([words.json(), own, style.text().then((text) => sheet.replace(text))]);
  const theirs = more[host.language] ?? more;
  await breath();
  const panel = new Panel(host, base, { ...says, ...theirs, data: { ...says.data, ...theirs.data } });
  host.shadowRoot.adoptedStyleSheets.push(sheet);
  host.shadowRoot.append(panel.dialog);
  await breath();
  return panel;
}

const breath = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => { setTimeout(go) });

// Once the browser has drawn what has changed, by itself; a page that nobody looks at draws nothing.
const painted = () => new Promise((go) => { requestAnimationFrame(() => setTimeout(go)); setTimeout(go, 300) });

class Panel {
  #host; #base; #says; #talk; #pending = new Map(); #beginning; #busy = 0; #unread = 0; #typed = 0; #status = 'bot'; #heard = new Set();

  constructor(host, base, says) {
    this.#host = host;
    this.#base = base;
    this.#says = says;
    this.#talk = new Talk({ base, key: host.dataset.key, locale: host.language, remember: host.dataset.remember });
    if (host.token !== undefined) this.#talk.identify(host.token);
    this.#build();
    this.#follow();
  }

  // --- what the storefront's page may do

  async show(quietly) {
    this.dialog.hidden = false;
    this.#talk.keep({ open: true });
    this.#host.unread = this.#unread = 0;
    this.#fit();
    const begun = this.#begin();
    if (!quietly) await this.#appear();
    this.log.hidden = this.form.hidden = false;
    await begun;
    this.#scroll();
  }

  // The first time in two strokes; to move the focus at once would have everything laid out within this very task.
  async #appear() {
    await painted();
    this.log.hidden = this.form.hidden = false;
    await painted();
    if (!this.dialog.hidden) this.#home();
  }

  hide() {
    this.dialog.hidden = true;
    this.#talk.keep({ open: false });
  }

  async identify(token) {
    if (!this.#talk.identify(token)) return;
    this.#beginning = undefined;
    if (!this.dialog.hidden) await this.#begin();
  }

  async send(text) {
    const said = text.trim();
    if (!said) return;
    await this.#begin();
    this.#retire();
    this.#work(1);
    try { await this.#talk.say(said) } finally { this.#work(-1) }
  }

  // --- the page of it

  #build() {
    const says = this.#says;
    const title = freshId('title');
    this.close = button('', () => this.#host.close(), { look: 'icon', 'aria-label': says.close, part: 'close' }, icon('close'));
    this.menu = drawMenu(says, {
      download: () => this.#download(), print: () => this.#print(), again: () => this.#again(), erase: () => this.#erase(), rate: () => this.#rate(),
    });
    this.personButton = button('', () => this.#person(), { look: 'to-person', part: 'person' }, icon('person'), make('span', {}, says.person));
    this.log = make('div.log', { role: 'log', 'aria-label': says.log, 'aria-live': 'polite', 'aria-relevant': 'additions', tabindex: '0', part: 'log', hidden: true });
    this.status = make('div.status', { role: 'status', part: 'status' });
    this.typing = make('p.typing', { role: 'status' });
    this.notice = make('p.unseen', { role: 'status' });
    this.problem = make('p.problem', { role: 'alert', hidden: true });
    const box = freshId('text');
    this.text = make('textarea', { id: box, rows: 1, maxlength: 4000, placeholder: says.message, part: 'input', dir: 'auto', oninput: () => this.#onTyping(), onkeydown: (event) => this.#onKey(event) });
    this.form = make('form.composer', { part: 'composer', hidden: true, onsubmit: (event) => { event.preventDefault(); this.#submit() } },
      photoPicker(says, (file) => this.#attach(file), (text) => this.#tellProblem(text)), make('label.unseen', { for: box }, says.message), this.text,
      make('button.icon.send', { type: 'submit', 'aria-label': says.send, part: 'send' }, icon('send')));
    this.dialog = make('div.panel', {
      role: 'dialog', 'aria-labelledby': title, part: 'panel', hidden: true, tabindex: '-1', lang: this.#host.language, dir: says.dir,
      onkeydown: (event) => this.#onAnyKey(event),
    },
    make('div.top', { part: 'header' }, make('div', {}, make('h2', { id: title }, says.title), this.who = make('p', {}, says.ai)), this.menu, this.close),
    make('div.bar', {}, this.personButton), this.status, this.log, this.typing, this.notice, this.problem, this.form);
    WHOLE_SCREEN.addEventListener('change', () => this.#fit());
  }

  #follow() {
    const hear = (name, act) => this.#talk.addEventListener(name, (event) => act(event.detail));
    hear('disclosure', ({ text }) => this.#say({ id: 'disclosure', who: 'agent', text, citations: [] }));
    hear('pending', (letter) => this.#pend(letter));
    hear('message', (message) => this.#say(message));
    hear('photo', (photo) => this.#showPhoto(photo));
    hear('turn', (turn) => this.#take(turn));
    hear('state', (state) => this.#stand(state));
    hear('waiting', ({ letter, offline }) => { if (offline) this.#mark(letter, make('small', {}, this.#says.unsent)) });
    hear('refused', ({ letter, detail }) => this.#mark(letter, make('small.bad', {}, `${this.#says.refused}: ${detail}`)));
    hear('online', () => this.#tellProblem(''));
    hear('offline', () => this.#tellProblem(this.#says.offline));
    hear('turn.started', () => this.#tellTyping(true));
    hear('human.typing', () => this.#tellTyping(true, TYPING_MS));
    hear('forgotten', () => this.#clear());
    hear('gone', () => { this.#beginning = undefined; this.#begin() });
    hear('handoff.resolved', () => this.#rate());
    for (const name of ['handoff.queued', 'handoff.claimed', 'handoff.returned', 'handoff.resolved']) hear(name, (detail) => this.#host.tell('handoff', { event: name, ...detail }));
  }

  // The history is not announced: only what is new from here on.
  #begin() {
    this.#beginning ??= (async () => {
      this.log.setAttribute('aria-live', 'off');
      try { await this.#attempt(() => this.#talk.begin()) } finally { setTimeout(() => this.log.setAttribute('aria-live', 'polite'), 100) }
      for (const letter of this.#talk.kept.outbox) this.#pend(letter);
    })();
    return this.#beginning.catch((error) => { this.#beginning = undefined; throw error });
  }

  #say(message) {
    const pending = this.#pending.get(message.client_message_id);
    this.#pending.delete(message.client_message_id);
    if (message.client_message_id) this.#heard.add(message.client_message_id);
    const name = message.who === 'shopper' ? this.#says.you : message.who === 'agent' ? this.#says.ai : message.author || this.#says.someone;
    const drawn = make(`article.message.${message.who}`, { part: `message message-${message.who}`, 'data-id': message.id, 'data-at': message.at },
      make('span.who', {}, name), make('p', { dir: 'auto' }, message.who === 'shopper' ? message.text : withLinks(message.text, this.#base)), this.#sources(message.citations ?? []));
    if (pending) { pending.querySelector('small')?.remove(); pending.classList.remove('pending'); Object.assign(pending.dataset, drawn.dataset) } else this.#put(drawn);
    if (message.who === 'person') this.#tellTyping(false);
    if (this.dialog.hidden && message.who !== 'shopper') this.#host.unread = this.#unread += 1;
    if (this.log.ariaLive !== 'off') this.#host.tell('message', { id: message.id, who: message.who, text: message.text });
    this.#scroll();
  }

  // What waits to be sent stays last, so that nothing has to move once it is: what moves is read out again.
  #put(node) {
    const [waiting] = this.#pending.values();
    if (waiting) waiting.before(node); else this.log.append(node);
  }

  #pend(letter) {
    if (this.#pending.has(letter.client_message_id) || this.#heard.has(letter.client_message_id)) return;
    const drawn = make('article.message.shopper.pending', { part: 'message message-shopper' }, make('span.who', {}, this.#says.you), make('p', { dir: 'auto' }, letter.text));
    this.#pending.set(letter.client_message_id, drawn);
    this.log.append(drawn);
    this.#scroll();
  }

  // Once under a message that waits, whatever is tried again in the meantime.
  #mark(letter, sign) {
    const drawn = this.#pending.get(letter.client_message_id);
    drawn?.querySelector('small')?.remove();
    drawn?.append(sign);
    this.#scroll();
  }

  #sources(citations) {
    if (!citations.length) return null;
    return make('div.sources', {}, ...citations.map((one) => make('details.source', {}, make('summary', {}, `${this.#says.sources}: ${one.title}`),
      one.quote ? make('blockquote', {}, one.quote) : null, one.url ? make('p', {}, link(one.url, this.#says.readAll, this.#base)) : null)));
  }

  // A turn's answer: its message is in the log already; what can be pressed comes after it.
  #take(turn) {
    this.#tellTyping(false);
    this.#retire();
    const message = turn.reply && this.log.querySelector(`[data-id="${CSS.escape(turn.reply.id)}"]`);
    if (message) message.append(dataUsed(turn.tools, this.#says));
    this.#offer(turn.cards, turn.asks);
    if (turn.status !== this.#status || turn.handoff) this.#stand(turn);
    for (const { id, kind, status } of turn.actions) {
      if (status !== 'executed' && status !== 'undone') continue;
      if (status === 'undone') this.log.querySelectorAll(`.receipt[data-action="${CSS.escape(id)}"]`).forEach(settle);
      this.#host.tell('action', { id, kind, status });
    }
  }

  #offer(cards, asks) {
    const tools = { says: this.#says, base: this.#base, send: (text) => this.send(text), decide: (id, what) => this.#decide(id, what) };
    for (const card of cards ?? []) this.#append(drawCard(card, tools));
    if (!cards?.length) this.#append(factsForm(asks ?? [], tools));
    this.#scroll();
  }

  // Cards stand among the messages but are not read out with them: the words have said it.
  #append(card) {
    if (!card) return;
    card.setAttribute('aria-live', 'off');
    this.#put(card);
  }

  #retire() {
    const here = this.#host.shadowRoot.activeElement;
    for (const card of this.log.querySelectorAll('.card:not(.settled, .receipt, .order)')) settle(card);
    if (here?.closest('.settled')) this.#home();
  }

  #stand({ status, handoff, cards, asks }) {
    const says = this.#says;
    const lines = [];
    const person = handoff?.person || says.someone;
    this.#status = status ?? this.#status;
    this.who.textContent = this.#status === 'human' ? person : says.ai;
    if (this.#status === 'queued') {
      lines.push(make('b', {}, says.queued));
      if (handoff?.position) lines.push(make('span', {}, says.position.replace('{n}', handoff.position)));
      const wait = waitOf(handoff, says, this.#host.language);
      if (wait) lines.push(make('span', {}, wait));
      lines.push(button(says.stay, () => this.send(says.stayText), { look: 'plain' }));
    } else if (this.#status === 'human') {
      lines.push(make('b', {}, says.joined.replace('{name}', () => person)));
    }
    // Said again only when it has changed.
    if (lines.map((line) => line.textContent).join() !== [...this.status.children].map((line) => line.textContent).join()) this.status.replaceChildren(...lines);
    clearTimeout(this.turnInLine);
    if (this.#status === 'queued') this.turnInLine = setTimeout(() => this.#talk.look().catch(() => {}), LOOK_AGAIN_MS);
    this.personButton.disabled = this.#status === 'queued' || this.#status === 'human';
    if (cards) { this.#retire(); this.#offer(cards, asks) }
  }

  // --- what the shopper does

  #submit() {
    const said = this.text.value;
    this.text.value = '';
    this.#grow();
    this.text.focus();
    this.send(said).catch(() => {});
  }

  #onKey(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #onTyping() {
    this.#grow();
    if (this.#status === 'bot' || Date.now() - this.#typed < TYPING_MS) return;
    this.#typed = Date.now();
    this.#talk.typing();
  }

  async #decide(action, what) {
    if (what === 'change') {
      this.text.placeholder = this.#says.changePrompt;
      this.text.focus();
      return;
    }
    await this.#attempt(() => this.#talk.decide(action, what));
    this.#home();
  }

  async #attach(file) {
    await this.#begin();
    await this.#attempt(() => this.#talk.attach(file), this.#says.photoBad);
  }

  // Among the messages by its time: a history tells of photos after all that was said.
  #showPhoto(photo) {
    const open = () => this.#attempt(async () => save(await this.#talk.picture(photo.url), photo.name));
    const drawn = drawPhoto(photo, this.#says, open);
    const later = [...this.log.querySelectorAll('[data-at]')].find((one) => one.dataset.at > photo.at);
    if (later) later.before(drawn); else this.log.append(drawn);
    this.#scroll();
  }

  #person() { return this.#attempt(async () => { await this.#begin(); await this.#talk.person() }) }
  #again() { this.#home(); return this.#attempt(() => this.#talk.startAgain()) }

  async #erase() {
    await this.#attempt(() => this.#talk.erase());
    this.#beginning = undefined;
    this.#append(make('p.quiet', {}, this.#says.erased));
    this.#tellDone(this.#says.erased);
  }

  #rate() {
    if (this.log.querySelector('.rating') || !this.#talk.begun) return;
    const card = drawRating(this.#says, (feedback) => this.#attempt(async () => { await this.#talk.rate(feedback); this.#tellDone(this.#says.thanks); this.#home(); return true }));
    this.#append(card);
    this.#scroll();
    card.querySelector('input').focus();
  }

  #download() {
    return this.#attempt(async () => {
      save(await this.#talk.transcript('md'), 'conversation.md');
    });
  }

  #print() {
    // Opened at once, since a browser opens nothing for a press that is over.
    const page = window.open('', '_blank');
    return this.#attempt(async () => {
      const address = URL.createObjectURL(await this.#talk.transcript('html'));
      if (page) { page.location = address; setTimeout(() => page.print(), 500) } else save(await this.#talk.transcript('html'), 'conversation.html');
      setTimeout(() => URL.revokeObjectURL(address), 60000);
    });
  }

  async #attempt(work, refused = this.#says.failed) {
    this.#tellProblem('');
    this.#work(1);
    try {
      return await work();
    } catch (error) {
      this.#tellProblem(error.status === 429 ? this.#says.later : error.status ? refused : this.#says.offline);
      return undefined;
    } finally { this.#work(-1) }
  }

  // --- small signs

  #work(change) {
    this.#busy += change;
    this.#tellTyping(this.#busy > 0 && this.#status === 'bot');
  }

  #tellTyping(is, forMs) {
    clearTimeout(this.silence);
    this.typing.replaceChildren(...(is ? [make('i', { 'aria-hidden': 'true' }), this.#says.typing] : []));
    if (is && forMs) this.silence = setTimeout(() => this.#tellTyping(false), forMs);
  }

  // Where the focus goes when what had it is gone. A text box would raise a phone's keyboard over what is to be read.
  #home() { (matchMedia('(pointer: coarse)').matches ? this.dialog : this.text).focus({ preventScroll: true }) }

  // Over the whole screen it is modal: what lies under it can be neither seen nor reached.
  #fit() { this.dialog.ariaModal = WHOLE_SCREEN.matches ? 'true' : null }

  #onAnyKey(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === 'Escape') { event.stopPropagation(); this.#host.close() }
    if (event.key !== 'Tab' || !WHOLE_SCREEN.matches) return;
    const reached = [...this.dialog.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((one) => !one.disabled && one.checkVisibility());
    const [from, to] = event.shiftKey ? [reached[0], reached.at(-1)] : [reached.at(-1), reached[0]];
    const here = this.#host.shadowRoot.activeElement;
    if (here === from || here === this.dialog && event.shiftKey) { event.preventDefault(); to.focus() }
  }

  #tellDone(text) { this.notice.textContent = text }
  #tellProblem(text) { this.problem.hidden = !text; this.problem.textContent = text }
  #grow() { this.text.style.blockSize = 'auto'; this.text.style.blockSize = `${Math.min(this.text.scrollHeight, 140)}px` }

  // To the end, but never past the beginning of the latest answer.
  #scroll() {
    requestAnimationFrame(() => {
      const answer = [...this.log.querySelectorAll('.message:not(.shopper)')].pop();
      const asked = answer?.previousElementSibling?.matches('.shopper') ? answer.previousElementSibling : answer;
      // On a low screen it is the whole panel that scrolls.
      const low = getComputedStyle(this.log).overflowY === 'visible';
      const [scroller, above] = low ? [this.dialog, this.log.offsetTop - 52] : [this.log, -8];
      const end = scroller.scrollHeight - scroller.clientHeight;
      scroller.scrollTop = this.log.lastElementChild?.matches('.shopper') || !asked ? end : Math.min(end, asked.offsetTop + above);
    });
  }

  #clear() { this.log.replaceChildren(); this.#pending.clear(); this.status.replaceChildren(); this.#status = 'bot'; this.personButton.disabled = false }
}

// An interval where the desk knows one, in whole minutes; when it is closed, the day and hour it promises.
function waitOf(handoff, says, language) {
  const [low, high] = [handoff?.expected_wait_s].flat();
  const unknown = low === null || low === undefined;
  if ((unknown || (high ?? low) > LONG_S) && handoff?.promised_by) {
    const when = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' });
    return says.promised.replace('{when}', when.format(new Date(handoff.promised_by)));
  }
  if (unknown) return '';
  const minutes = (seconds) => Math.max(1, Math.ceil(seconds / 60));
  return high && minutes(high) !== minutes(low) ? says.wait.replace('{a}', minutes(low)).replace('{b}', minutes(high)) : says.waitOne.replace('{a}', minutes(high ?? low));
}
