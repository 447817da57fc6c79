// Draws the cards of the turn contract (`Card` in the API description), one function a type.

import { button, freshId, icon, link, make } from './elements.js';

export function drawCard(card, tools) {
  const draw = DRAW[card.type];
  return draw ? make(`div.card.${card.type}`, { role: 'group', part: `card card-${card.type}`, 'aria-label': card.title, 'data-action': card.action }, draw(card, tools)) : null;
}

// Once a card is answered it can no longer be pressed, and says so to whoever cannot see it grey.
export function settle(card) {
  card.classList.add('settled');
  for (const one of card.querySelectorAll('button, input, select, textarea')) one.disabled = true;
  for (const list of card.querySelectorAll('.options')) if (list.scrollHeight > list.clientHeight) list.tabIndex = 0;
}

const DRAW = {
  order: (card, { base, says }) => [
    make('div.head', {}, make('h3', {}, icon('parcel'), card.title), badge(card.state, card.good)),
    ...card.parcels.map((parcel) => drawParcel(parcel, card, base, says)),
    card.waiting.length ? make('p.quiet', {}, `${says.waiting}: ${card.waiting.join(', ')}`) : null,
  ],

  items: (card, { send, says }) => {
    const lines = card.lines.map((line) => drawLine(line, says));
    const submit = button(says.continue, () => {
      const picked = card.lines.map((line, place) => [line, lines[place].count()]).filter(([, count]) => count);
      send(picked.map(([line, count]) => (line.most > 1 ? `${count} × ${line.say}` : line.say)).join(', '));
    }, { look: 'main', disabled: true });
    const list = make('fieldset', { onchange: () => { submit.disabled = !lines.some((line) => line.count()) } },
      make('legend', {}, card.title), ...lines.map((line) => line.row));
    return [list, make('div.buttons', {}, submit)];
  },

  choice: (card, { send, says }) => [
    make('h3', { id: freshId('choice') }, card.title, card.subtitle ? make('small', {}, card.subtitle) : null),
    make('ul.options', {}, ...card.options.map((option) => make('li', {}, button('', () => send(option.say), { look: 'option', disabled: !option.enabled },
      make('span', {}, make('b', {}, option.label), option.detail ? make('small', {}, option.detail) : null), option.price ? make('span.price', {}, option.price) : null)))),
    card.options.length ? null : make('p.quiet', {}, says.nothing),
  ],

  address: (card, { send, says }) => {
    const fields = ['line1', 'line2', 'city', 'region', 'postal_code'];
    const form = make('form', {
      onsubmit: (event) => {
        event.preventDefault();
        send(fields.map((name) => form.elements[name].value.trim()).filter(Boolean).join(', '));
      },
    }, make('h3', {}, card.title), ...fields.map((name) => field(name, card.labels[name], {
      autocomplete: `shipping ${AUTOFILL[name]}`, required: name === 'line1' || name === 'city' || name === 'postal_code', maxlength: 120,
    })), make('div.buttons', {}, make('button.main', { type: 'submit' }, says.continue)));
    return [form];
  },

  confirmation: (card, { decide, base, says }) => [
    make('h3', {}, card.title), drawRows(card.rows, says), make('p.cost', {}, card.cost),
    card.clause ? popover(card.clause, base, says) : null,
    card.undo ? make('p.quiet', {}, card.undo) : null,
    make('div.buttons', {},
      button(says.confirm, () => decide(card.action, 'confirm'), { look: 'main' }),
      button(says.change, () => decide(card.action, 'change')),
      button(says.no, () => decide(card.action, 'reject'))),
  ],

  receipt: (card, { decide, base, says }) => [
    make('h3', {}, icon('check'), card.title),
    card.reference ? make('p', {}, `${says.reference}: `, make('b', {}, card.reference)) : null,
    drawRows(card.rows, says), make('p.cost', {}, card.cost),
    make('div.buttons', {},
      card.label_url ? link(card.label_url, card.ship_by ? `${says.label} (${says.until} ${card.ship_by})` : says.label, base, { class: 'main' }) : null,
      card.undo_until ? drawUndo(card, decide, says) : null),
  ],
};

const AUTOFILL = { line1: 'address-line1', line2: 'address-line2', city: 'address-level2', region: 'address-level1', postal_code: 'postal-code' };

export function field(name, label, traits = {}) {
  const id = freshId(name);
  return make('p.field', {}, make('label', { for: id }, label), make('input', { id, name, type: 'text', ...traits }));
}

export function popover(clause, base, says) {
  return make('details.source', {}, make('summary', {}, `${says.rule}: ${clause.title}`),
    make('blockquote', {}, clause.quote), make('p', {}, link(clause.url, says.readAll, base)));
}

function badge(text, good) { return make(`span.badge${good ? '' : '.bad'}`, {}, text) }

function drawParcel(parcel, card, base, says) {
  const many = card.parcels.length > 1;
  return make('div.parcel', {},
    many ? make('div.head', {}, make('b', {}, parcel.contents.join(', ')), badge(parcel.state, parcel.good)) : make('p', {}, parcel.contents.join(', ')),
    make('ol.way', { 'aria-label': says.way }, ...parcel.steps.map((step) => make(`li.${step.state}`, { 'aria-current': step.state === 'now' || step.state === 'stopped' ? 'step' : null },
      make('span', {}, step.name), step.state === 'done' ? make('span.unseen', {}, ` (${says.done})`) : null))),
    parcel.expected ? make('p', {}, make('b', {}, parcel.expected)) : null,
    parcel.pickup_point ? make('p', {}, parcel.pickup_point) : null,
    parcel.last_seen ? make('p.quiet', {}, `${says.lastSeen}: ${parcel.last_seen}`) : null,
    make('p.quiet', {}, `${parcel.carrier} `, parcel.tracking_url ? link(parcel.tracking_url, parcel.tracking_number, base) : parcel.tracking_number));
}

function drawLine(line, says) {
  const id = freshId('line');
  const box = make('input', { type: 'checkbox', id, disabled: !line.enabled });
  const count = line.most > 1 && line.enabled
    ? make('select', { 'aria-label': `${says.quantity}, ${line.label}`, onchange: () => { box.checked = true } }, ...Array.from({ length: line.most }, (_, place) => make('option', { value: place + 1, selected: place + 1 === line.most }, place + 1)))
    : null;
  const row = make('div.line', {}, box, make('label', { for: id }, make('b', {}, line.label), make('small', {}, [line.detail, line.note].filter(Boolean).join(' · '))), count ?? make('span.price', {}, line.price));
  return { row, count: () => (box.checked ? Number(count?.value ?? 1) : 0) };
}

function drawRows(rows, says) {
  if (!rows.length) return null;
  return make('dl.rows', {}, ...rows.flatMap((row) => [make('dt', {}, row.label), make('dd', {},
    row.before ? [make('span.unseen', {}, `${says.before}: `), make('s', {}, row.before), ' ', make('span.unseen', {}, `${says.after}: `)] : null, make('span', {}, row.after))]));
}

// The time that is left is shown, but not announced every second.
function drawUndo(card, decide, says) {
  const until = Date.parse(card.undo_until);
  const left = make('span', { 'aria-hidden': 'true' });
  const at = new Date(until).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  const press = button('', () => decide(card.action, 'undo'), { 'aria-label': says.undoBy.replace('{at}', at) }, `${says.undo} `, left);
  const tick = () => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    if (seconds) setTimeout(tick, 1000);
    else press.disabled = true;
  };
  tick();
  return press;
}
