// A new case is heard (two short tones, made here) and counted in the title while nobody looks.

const KEY = 'postventa-desk-muted';
let context = null;
let unseen = 0;

const muted = () => localStorage.getItem(KEY) === '1';

export function startBell() {
  const wake = () => {
    context = context || new AudioContext();
    if (context.state === 'suspended') context.resume();
  };
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, wake, { once: true });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) { unseen = 0; badge(); } });
  showBell();
}

export function showBell() {
  const button = document.getElementById('sound');
  const says = muted() ? button.dataset.off : button.dataset.on;
  button.setAttribute('aria-pressed', String(!muted()));
  button.setAttribute('aria-label', says);
  button.title = says;
}

export function toggleBell() {
  localStorage.setItem(KEY, muted() ? '0' : '1');
  showBell();
  if (!muted()) tone();
}

export function ring() {
  if (document.hidden) unseen += 1;
  badge();
  if (!muted()) tone();
}

export function badge() {
  const plain = document.title.replace(/^\(\d+\) /, '');
  document.title = unseen ? `(${unseen}) ${plain}` : plain;
}

function tone() {
  if (!context || context.state !== 'running') return;
  [660, 880].forEach((frequency, n) => {
    const start = context.currentTime + n * 0.16;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.08, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
    const wave = new OscillatorNode(context, { type: 'sine', frequency });
    wave.connect(gain).connect(context.destination);
    wave.start(start);
    wave.stop(start + 0.32);
  });
}
