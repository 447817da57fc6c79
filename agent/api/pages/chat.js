// The shop's chat. What anybody wrote is only ever shown as text.

const SAYS = {
  es: {
    title: 'Atención al cliente', signIn: 'Entrar como', nobody: 'Sin identificar', yourMessage: 'Tu mensaje',
    send: 'Enviar', person: 'Hablar con una persona', again: 'Conversación nueva', outbox: 'Correos de la demostración',
    shopper: 'Tú', agent: 'Asistente virtual', human: 'Persona', confirm: 'Confirmar', reject: 'No', undo: 'Deshacer',
    label: 'Etiqueta de devolución', sources: 'Fuentes', failed: 'No se ha podido enviar. Inténtalo de nuevo.',
    later: 'Son demasiados mensajes seguidos. Espera un momento.',
  },
  en: {
    title: 'Customer service', signIn: 'Sign in as', nobody: 'Not signed in', yourMessage: 'Your message',
    send: 'Send', person: 'Talk to a person', again: 'New conversation', outbox: 'Mails of the demo',
    shopper: 'You', agent: 'Virtual assistant', human: 'Person', confirm: 'Confirm', reject: 'No', undo: 'Undo',
    label: 'Return label', sources: 'Sources', failed: 'That could not be sent. Please try again.',
    later: 'Too many messages at once. Please wait a moment.',
  },
  pt: {
    title: 'Atendimento ao cliente', signIn: 'Entrar como', nobody: 'Sem identificação', yourMessage: 'Sua mensagem',
    send: 'Enviar', person: 'Falar com uma pessoa', again: 'Nova conversa', outbox: 'E-mails da demonstração',
    shopper: 'Você', agent: 'Assistente virtual', human: 'Pessoa', confirm: 'Confirmar', reject: 'Não', undo: 'Desfazer',
    label: 'Etiqueta de devolução', sources: 'Fontes', failed: 'Não foi possível enviar. Tente de novo.',
    later: 'São muitas mensagens seguidas. Aguarde um momento.',
  },
};
const locale = (navigator.languages || [navigator.language]).find((one) => SAYS[one.slice(0, 2)]) || 'es';
const says = SAYS[locale.slice(0, 2)];

const log = document.getElementById('log');
const form = document.getElementById('form');
const text = document.getElementById('text');
const problem = document.getElementById('problem');
const customer = document.getElementById('customer');
const person = document.getElementById('person');

const kept = JSON.parse(sessionStorage.getItem('postventa') || '{}');
let conversation = kept.id ? kept : null;

function remember(turn) {
  if (turn.token) conversation = { id: turn.conversation_id, token: turn.token };
  sessionStorage.setItem('postventa', JSON.stringify(conversation || {}));
}

async function call(path, body, method = 'POST') {
  const headers = { Accept: 'application/json' };
  if (conversation) headers['X-Conversation-Token'] = conversation.token;
  if (body) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.detail), { status: response.status });
  return answer;
}

function element(name, className, content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

function link(url, content) {
  const target = new URL(url, location.href);
  const made = element('a', '', content);
  if (target.protocol === 'https:' || target.protocol === 'http:') made.href = target.href;
  made.target = '_blank';
  made.rel = 'noopener noreferrer';
  return made;
}

function show(who, content, author) {
  const message = element('div', `message ${who}`);
  message.append(element('span', 'who', author || (who === 'person' ? says.human : says[who])), element('p', '', content));
  log.append(message);
  log.scrollTop = log.scrollHeight;
  return message;
}

function addSources(message, citations) {
  if (!citations.length) return;
  const list = element('ul', 'sources');
  list.setAttribute('aria-label', says.sources);
  for (const one of citations) {
    const item = element('li');
    item.append(one.url ? link(one.url, one.title) : element('span', '', one.title));
    list.append(item);
  }
  message.append(list);
}

function button(content, decision, action, row, second) {
  const made = element('button', second ? 'second' : '', content);
  made.type = 'button';
  made.addEventListener('click', () => decide(action, decision, row));
  row.append(made);
}

function addAction(message, action) {
  const row = element('div', 'buttons');
  if (action.status === 'proposed') {
    button(says.confirm, 'confirm', action, row, false);
    button(says.reject, 'reject', action, row, true);
  }
  const receipt = action.receipt;
  if (action.status === 'executed' && receipt) {
    if (receipt.label_url) row.append(link(receipt.label_url, says.label));
    if (receipt.undo_until && Date.parse(receipt.undo_until) > Date.now()) button(says.undo, 'undo', action, row, true);
  }
  if (row.childNodes.length) message.append(row);
}

function showTurn(turn) {
  remember(turn);
  if (!turn.reply) return;
  const message = show('agent', turn.reply.text);
  addSources(message, turn.reply.citations);
  for (const action of turn.actions) addAction(message, action);
  log.scrollTop = log.scrollHeight;
}

function busy(is) {
  log.setAttribute('aria-busy', String(is));
  for (const one of document.querySelectorAll('button')) one.disabled = is;
}

async function attempt(work) {
  problem.hidden = true;
  busy(true);
  try {
    await work();
    return true;
  } catch (error) {
    problem.textContent = error.status === 429 ? says.later : says.failed;
    problem.hidden = false;
    if (error.status === 404) forget();
    return false;
  } finally {
    busy(false);
    text.focus();
  }
}

function decide(action, decision, row) {
  return attempt(async () => {
    const turn = await call(`/v1/conversations/${conversation.id}/actions/${action.id}/${decision}`);
    row.remove();
    showTurn(turn);
  });
}

async function open() {
  const opened = await call('/v1/conversations', { locale, shopper_token: customer.value || undefined });
  remember({ conversation_id: opened.id, token: opened.token });
  show('agent', opened.disclosure);
}

function forget() {
  conversation = null;
  sessionStorage.removeItem('postventa');
}

function startAgain() {
  forget();
  log.replaceChildren();
  return attempt(open);
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said) return;
  const id = crypto.randomUUID();
  const sent = await attempt(async () => {
    if (!conversation) await open();
    const mine = show('shopper', said);
    try {
      showTurn(await call(`/v1/conversations/${conversation.id}/messages`, { text: said, client_message_id: id }));
    } catch (error) {
      mine.remove();
      throw error;
    }
  });
  if (sent) text.value = '';
});

text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (!form.querySelector('[type=submit]').disabled) form.requestSubmit();
  }
});

person.addEventListener('click', () => attempt(async () => {
  if (!conversation) await open();
  showTurn(await call(`/v1/conversations/${conversation.id}/handoff`));
}));
document.getElementById('again').addEventListener('click', startAgain);
customer.addEventListener('change', startAgain);

async function showHistory() {
  const { messages } = await call(`/v1/conversations/${conversation.id}/messages?limit=200`, null, 'GET');
  for (const one of messages) addSources(show(one.who, one.text, one.author), one.citations);
  const state = await call(`/v1/conversations/${conversation.id}`, null, 'GET');
  for (const action of state.actions) if (log.lastChild) addAction(log.lastChild, action);
}

async function begin() {
  document.documentElement.lang = locale.slice(0, 2);
  for (const one of document.querySelectorAll('[data-says]')) one.textContent = says[one.dataset.says];
  document.title = says.title;
  for (const one of await call('/demo/customers', null, 'GET').catch(() => [])) {
    customer.append(new Option(`${one.name} <${one.email}>`, one.shopper_token));
  }
  if (!conversation || !(await attempt(showHistory))) await attempt(open);
}

begin();
