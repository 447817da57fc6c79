// What a storefront does with the widget: says who is signed in, and opens the chat from its own buttons.

const widget = await customElements.whenDefined('postventa-widget').then(() => document.querySelector('postventa-widget'));
const token = document.querySelector('meta[name=shopper-token]')?.content;
const wanted = new URL(location.href);

await widget.identify(token);

for (const one of document.querySelectorAll('[data-say]')) one.addEventListener('click', () => widget.send(one.dataset.say));

if (wanted.searchParams.has('say')) {
  const said = wanted.searchParams.get('say');
  wanted.searchParams.delete('say');
  history.replaceState(null, '', wanted);
  await widget.send(said);
}
