import { html } from './htm-preact.js';
import { Inlines, lengthOf } from './inlines.js';
import { Status, statusIn } from './status.js';

/** A cell with more text than this is broken into lines, characters. */
const LONG_CELL = 40;
/** Of a cell with more text than this the rest is shown on request, characters. */
const FOLDED_CELL = 320;

/** Where it is narrow, the rows of a table of several columns become cards; the roles say that it still is a table. */
export function Table({ columns, rows }) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${`Table: ${columns.filter(Boolean).join(', ')}`}><table role="table" class=${columns.length > 2 ? 'several' : undefined}>
    <thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}</tr></thead>
    <tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map((cell, index) => html`<${Cell} text=${cell} column=${columns[index]} />`)}</tr>`)}</tbody>
  </table></div>`;
}

function Cell({ text, column }) {
  const length = lengthOf(text);
  const kind = length === 0 ? 'empty' : length > LONG_CELL ? 'long' : undefined;
  return html`<td role="cell" class=${kind} data-column=${column}><span class="value"><${Content} text=${text} length=${length} column=${column} /></span></td>`;
}

function Content({ text, length, column }) {
  const status = statusIn(column, text);
  if (status) return html`<${Status} ...${status} /><${Inlines} text=${status.rest} />`;
  if (typeof text !== 'string' || length <= FOLDED_CELL) return html`<${Inlines} text=${text} />`;
  return html`<details><summary>${text.slice(0, FOLDED_CELL).trimEnd()}…</summary>${text}</details>`;
}
