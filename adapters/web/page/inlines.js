import { html } from './htm-preact.js';
import { Time } from './times.js';

const piecesOf = (text) => (Array.isArray(text) ? text : [text]);

/** A piece's words; of a time, nothing. */
const wordsOf = (piece) =>
  typeof piece === 'string'
    ? piece
    : (piece.bold ?? piece.code ?? piece.command ?? piece.hint ?? piece.label ?? piece.name ?? '');

/** The words of a text alone. */
export const plain = (text) => piecesOf(text).map(wordsOf).join('');

/** About how long a text is as it is shown, characters. */
export function lengthOf(text) {
  return piecesOf(text).reduce((sum, piece) => sum + (piece.time ? 'a time' : wordsOf(piece)).length, 0);
}

/** Running text. A string is data and becomes a text node, whatever stands in it. */
export function Inlines({ text }) {
  return piecesOf(text).map((piece) => {
    if (typeof piece === 'string') return piece;
    if ('bold' in piece) return html`<strong>${piece.bold}</strong>`;
    if ('code' in piece) return html`<code>${piece.code}</code>`;
    if ('command' in piece) return html`<code>${piece.command}</code>`;
    if ('hint' in piece) return piece.hint;
    if ('time' in piece) return html`<${Time} ...${piece} />`;
    if ('mention' in piece) return html`<span class="mention">@${piece.name}</span>`;
    if (/^https?:\/\//.test(piece.link))
      return html`<a href=${piece.link} target="_blank" rel="noopener noreferrer">${piece.label}</a>`;
    return piece.label;
  });
}
