// Elements are made here and nowhere else. Whatever anybody wrote becomes text, never markup.

const PATHS = {
  close: 'M6 6l12 12M18 6L6 18', send: 'M4 12l16-8-6 16-3-6.5z', person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.6-4 3.800-6 8-6s7.400 2 8 6',
  more: 'M5 12h.01M12 12h.01M19 12h.01', check: 'M5 12.500l4.500 4.500L19 7.500', photo: 'M4 7h3.500l1.500-2h6l1.500 2H20v12H4zM12 16a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400z',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01', parcel: 'M12 3l8 4v10l-8 4-8-4V7zM4 7l8 4 8-4M12 11v10',
};

export function make(name, traits = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(' ');
  for (const [trait, value] of Object.entries(traits)) {
    if (value === undefined || value === null || value === false) continue;
    if (trait.startsWith('on')) made.addEventListener(trait.slice(2), value);
    else if (trait === 'part') made.part = value;
    else made.setAttribute(trait, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

export function button(label, press, traits = {}, ...children) {
  return make(`button${traits.look ? `.${traits.look}` : ''}`, { type: 'button', onclick: press, ...traits, look: null }, ...(children.length ? children : [label]));
}

// Only http and https, whatever an order system or an article says.
export function link(url, label, base, traits = {}) {
  try {
    const target = new URL(url, base);
    if (target.protocol === 'https:' || target.protocol === 'http:') {
      return make('a', { href: target.href, target: '_blank', rel: 'noopener noreferrer', ...traits }, label);
    }
  } catch { /* not an address: the words stand alone */ }
  return make('span', {}, label);
}

// The service's own addresses in what it says can be followed, and are shown without their key.
export function withLinks(text, base) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/).map((part, place) => {
    if (place % 2 === 0 || !part.startsWith(new URL('/', base).href)) return part;
    return link(part, new URL(part).host + new URL(part).pathname, base);
  });
}

let last = 0;
export const freshId = (name) => `${name}-${last += 1}`;
