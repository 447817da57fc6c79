// Waiting times that tick, in the forms that the server writes them in.

export function waited(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}`;
  return `${Math.floor(whole / 86400)} d`;
}

export function tick() {
  const now = Date.now();
  for (const one of document.querySelectorAll('time[data-since]')) {
    const says = waited((now - Date.parse(one.dataset.since)) / 1000);
    if (one.textContent !== says) one.textContent = says;
    one.classList.toggle('late', Boolean(one.dataset.promise) && Date.parse(one.dataset.promise) < now);
  }
}

export function startClock() {
  tick();
  setInterval(tick, 1000);
}
