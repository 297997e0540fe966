import { html, useEffect, useState } from './htm-preact.js';

const TICK = 5_000;
const tickers = new Set();
setInterval(() => {
  for (const tick of tickers) tick();
}, TICK);

/** The time now, again every few seconds. */
export function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tickers.add(tick);
    return () => tickers.delete(tick);
  }, []);
  return now;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
];

/** How long ago it was; the time itself where it lies ahead, as of a clock that was set back. */
export function relative(time, now) {
  const seconds = Math.round(Math.abs(now - time) / 1000);
  if (seconds < 10) return 'just now';
  const unit = UNITS.findIndex(([, size]) => seconds >= size);
  let text = `${seconds} s`;
  if (unit >= 0) {
    const [name, size] = UNITS[unit];
    const rest = UNITS[unit + 1];
    const whole = Math.floor(seconds / size);
    const part = rest && whole < 10 ? Math.floor((seconds % size) / rest[1]) : 0;
    text = part > 0 ? `${whole} ${name} ${part} ${rest[0]}` : `${whole} ${name}`;
  }
  return time > now ? full(time) : `${text} ago`;
}

const two = (number) => String(number).padStart(2, '0');

export function clock(time, seconds = true) {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}${seconds ? `:${two(date.getSeconds())}` : ''}`;
}

export function day(time) {
  return new Date(time).toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

export function full(time) {
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(time)}`;
}

/** A time in the reader's zone that stays true as it passes; the whole of it is its title. */
export function Time({ time, style }) {
  const now = useNow();
  const sameDay = new Date(time).toDateString() === new Date(now).toDateString();
  const text =
    style === 'relative' ? relative(time, now) : style === 'clock' && sameDay ? clock(time) : full(time);
  return html`<time datetime=${new Date(time).toISOString()} title=${full(time)}>${text}</time>`;
}
