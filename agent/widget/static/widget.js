// The button on a storefront's page. Everything else is loaded when it is first pressed.

const PARTS = {}; // file: integrity, filled in by the server
const PANEL = 'panel.js';
const SAYS = {
  es: ['Ayuda con tu pedido', 'No se pudo abrir'],
  en: ['Help with your order', 'Could not be opened'],
  pt: ['Ajuda com seu pedido', 'Não foi possível abrir'],
};
const STYLE = `
:host { --pv: var(--postventa-accent, #2f4fd0); --pv-on: var(--postventa-on-accent, #fff); display: block !important; position: fixed !important; z-index: 2147483000;
  visibility: visible !important; opacity: 1 !important; transform: none !important; inline-size: auto !important; block-size: auto !important;
  inset-block: auto max(20px, env(safe-area-inset-bottom)) !important; inset-inline: auto 20px !important; font: 16px/1.5 var(--postventa-font, system-ui, sans-serif); }
:host([hidden]) { display: none !important }
.launcher { all: unset; box-sizing: border-box; display: grid; place-items: center; inline-size: 56px; block-size: 56px; border-radius: 50%;
  background: var(--pv); color: var(--pv-on); cursor: pointer; box-shadow: 0 6px 20px rgb(0 0 0 / .24); position: relative }
.launcher:focus-visible { outline: 3px solid var(--pv-on); box-shadow: 0 0 0 6px var(--pv) }
.launcher[hidden] { display: none }
.launcher svg { inline-size: 26px; block-size: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round }
.lost { position: absolute; inset-block-end: 64px; inset-inline-end: 0; inline-size: max-content; padding: 4px 12px; border-radius: 10px; background: #c01c28; color: #fff }
.lost:empty { display: none }
.count { position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 20px; padding: 0 5px; box-sizing: border-box;
  border-radius: 10px; background: #c01c28; color: #fff; font-size: 12px; line-height: 20px; text-align: center }
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText } }
@media print { :host { display: none !important } }`;

const base = new URL('.', import.meta.url);
const script = [...document.querySelectorAll('script[data-key]')].find((one) => one.src === import.meta.url);
const make = (tag, traits) => Object.assign(document.createElement(tag), traits);
const local = (path) => new URL(`widget/${path}`, base).href;

class PostventaWidget extends HTMLElement {
  #panel;
  #button;
  #lost;
  #from;

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.language = languageOf(this.dataset);
    this.#button = make('button', { className: 'launcher', type: 'button' });
    this.#button.part = 'launcher';
    this.#button.setAttribute('aria-haspopup', 'dialog');
    this.#button.append(bubble());
    this.#button.addEventListener('click', () => this.open());
    this.#lost = make('div', { className: 'lost' });
    this.#lost.setAttribute('role', 'alert');
    root.append(this.#button, this.#lost);
    this.unread = 0;
    if (location.hash.startsWith('#postventa=') || stored(this)?.open) this.open({ quietly: true });
  }

  async open({ quietly = false } = {}) {
    this.#lost.textContent = '';
    if (!quietly) this.#from = document.activeElement;
    try {
      const panel = await (this.#panel ??= load(this));
      this.#button.hidden = true;
      panel.show(quietly);
      this.tell('open');
    } catch (error) {
      this.#panel = undefined;
      if (!quietly) this.#lost.textContent = this.#says[1];
      this.tell('error', { message: String(error) });
    }
  }

  async close() {
    (await this.#panel)?.hide();
    this.#button.hidden = false;
    (this.#from?.isConnected && this.#from !== this && this.#from !== document.body ? this.#from : this.#button).focus();
    this.tell('close');
  }

  // Kept until the widget is opened: who is signed in is no reason to load it.
  async identify(shopperToken) { this.token = shopperToken || ''; (await this.#panel)?.identify(this.token) }
  async send(text) { await this.open(); (await this.#panel).send(text) }
  on(event, hear) { this.addEventListener(`postventa:${event}`, (one) => hear(one.detail)); return this }
  tell(event, detail = {}) { this.dispatchEvent(new CustomEvent(`postventa:${event}`, { detail, bubbles: true, composed: true })) }

  get #says() { return SAYS[this.language] ?? SAYS.en }
  set unread(count) {
    this.#button.querySelector('.count')?.remove();
    this.#button.setAttribute('aria-label', (this.dataset.label || this.#says[0]) + (count ? ` (${count})` : ''));
    if (count) this.#button.append(make('span', { className: 'count', textContent: count }));
  }
}

async function load(host) {
  const get = (file) => fetch(local(file), { integrity: PARTS[file] });
  document.head.append(make('link', { rel: 'modulepreload', href: local(PANEL), integrity: PARTS[PANEL], crossOrigin: 'anonymous' }));
  // A language that the shop brings stands on English, for what it leaves out.
  const [{ makePanel }, ...parts] = await Promise.all([import(local(PANEL)), get('panel.css'), get(`texts/${host.language in SAYS ? host.language : 'en'}.json`)]);
  return makePanel(host, host.dataset.api || base.href, ...parts);
}

// Ours, or any other that the page names and has the texts for.
function languageOf({ locale = 'auto', texts }) {
  const asked = locale === 'auto' ? [document.documentElement.lang, ...navigator.languages] : [locale];
  return asked.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one in SAYS) ?? (texts && locale !== 'auto' ? locale.toLowerCase() : 'es');
}

function stored(host) {
  try { return JSON.parse((host.dataset.remember === 'local' ? localStorage : sessionStorage).getItem(`postventa:${host.dataset.key}`)) } catch { return null }
}

function bubble() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', 'M4 5h16v11H10l-4.5 4v-4H4z M8 9.2h8 M8 12.2h5');
  svg.append(path);
  return svg;
}

customElements.get('postventa-widget') ?? customElements.define('postventa-widget', PostventaWidget);
if (script && !document.querySelector('postventa-widget')) {
  const widget = make('postventa-widget');
  Object.assign(widget.dataset, script.dataset);
  window.postventa = widget;
  document.body.append(widget);
}
