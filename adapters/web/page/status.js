import { html } from './htm-preact.js';

/** How it is with what is called so; the same tones as those of messages. */
const TONES = {
  running: 'active',
  completed: 'good',
  ok: 'good',
  approved: 'good',
  failed: 'bad',
  problem: 'bad',
  down: 'bad',
  cancelled: 'warning',
  denied: 'warning',
  expired: 'warning',
  queued: 'neutral',
  waiting: 'neutral',
  planned: 'neutral',
  superseded: 'neutral',
};
/** Columns that say how something is. */
const COLUMNS = new Set(['status', 'state', 'how']);

/** A cell's text, its first word apart where that says how something is: what it is, its tone, and the rest of the text. */
export function statusIn(column, text) {
  if (!COLUMNS.has(column)) return null;
  const [first, ...rest] = Array.isArray(text) ? text : [text];
  const words = typeof first === 'string' ? first : first?.bold;
  const word = typeof words === 'string' ? /^[a-z]+/.exec(words)?.[0] : undefined;
  const tone = Object.hasOwn(TONES, word ?? '') ? TONES[word] : undefined;
  return tone ? { word, tone, rest: [words.slice(word.length), ...rest] } : null;
}

/** How something is, by a word, a mark and a colour. */
export const Status = ({ word, tone }) => html`<span class=${`status ${tone}`}>${word}</span>`;
