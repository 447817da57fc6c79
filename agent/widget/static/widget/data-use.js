// What was looked up for an answer, and why, in the shopper's words.

import { icon, make } from './elements.js';

const USES = {
  list_orders: 'orders', get_order: 'orders', track_order: 'tracking', delivery_options: 'options', return_options: 'options', exchange_options: 'options',
  product_stock: 'options', verify_order: 'identity', send_code: 'identity', check_code: 'identity', refund_status: 'refunds', get_invoice: 'orders',
  customer_profile: 'profile', search_knowledge: 'help', ask_for_person: null,
};

export function dataUsed(tools, says) {
  const uses = [...new Set(tools.filter((one) => one.ok).map((one) => (one.name in USES ? USES[one.name] : 'change')))].filter(Boolean);
  return make('details.data', { 'aria-live': 'off' }, make('summary', {}, icon('info'), make('span', {}, says.why)),
    uses.length ? make('ul', {}, ...uses.map((use) => make('li', {}, says.data[use]))) : make('p', {}, says.whyNone));
}
