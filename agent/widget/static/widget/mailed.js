// A case that was mailed: its link carries the conversation behind the #, which no server sees, and it is gone at once.
export function adopt(host) {
  const [, id, token] = /^#postventa=([\w-]+)\/([\w.-]+)$/.exec(location.hash) ?? [];
  if (!id) return false;
  history.replaceState(history.state, '', location.pathname + location.search);
  const kept = JSON.stringify({ id, token, shopper: 'mailed', open: true });
  try { (host.dataset.remember === 'local' ? localStorage : sessionStorage).setItem(`postventa:${host.dataset.key}`, kept) } catch { /* it opens as a new one */ }
  return true;
}
