// A form for the facts that a reply asks for, so that a phone fills them in by itself; writing them works as well.

import { field } from './cards.js';
import { make } from './elements.js';

const TRAITS = {
  order_number: { autocomplete: 'off', inputmode: 'text', maxlength: 30 },
  email: { type: 'email', autocomplete: 'email', maxlength: 120 },
  postal_code: { autocomplete: 'postal-code', maxlength: 12 },
  code: { autocomplete: 'one-time-code', inputmode: 'numeric', pattern: '[0-9]{6}', oninput: (event) => { event.target.value = codeIn(event.target.value) } },
};

// Pasted with the words around it, or in two halves, a code is its six digits.
const codeIn = (text) => text.match(/(?<!\d)\d{3}[ -]?\d{3}(?!\d)/)?.[0].replace(/\D/, '') ?? text.trim();

export function factsForm(asks, { says, send }) {
  const facts = asks.filter((one) => one in TRAITS);
  if (!facts.length) return null;
  const form = make('form.card.facts', {
    part: 'card card-facts',
    onsubmit: (event) => {
      event.preventDefault();
      send(facts.map((name) => form.elements[name].value.trim()).join(' '));
    },
  }, ...facts.map((name) => field(name, says[name], { required: true, ...TRAITS[name] })), make('div.buttons', {}, make('button.main', { type: 'submit' }, says.continue)));
  return form;
}
