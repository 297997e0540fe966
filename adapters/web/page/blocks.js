import { fileUrl } from './api.js';
import { html, useEffect, useState } from './htm-preact.js';
import { Time } from './times.js';

/** A cell with more text than this is broken into lines, characters. */
const LONG_CELL = 40;
/** Of a cell with more text than this the rest is shown on request, characters. */
const FOLDED_CELL = 200;
/** Text of more lines is a log, whose lines are kept as they are; of fewer, commands to copy. */
const COMMAND_LINES = 3;
/** A field with more than this takes two columns, characters. */
const LONG_FIELD = 16;

function lengthOf(text) {
  const pieces = Array.isArray(text) ? text : [text];
  return pieces.reduce(
    (sum, piece) =>
      sum +
      (typeof piece === 'string'
        ? piece
        : (piece.bold ?? piece.code ?? piece.hint ?? piece.label ?? piece.name ?? 'a time')
      ).length,
    0,
  );
}

/** Running text. A string is data and becomes a text node, whatever stands in it. */
export function Inlines({ text }) {
  const pieces = Array.isArray(text) ? text : [text];
  return pieces.map((piece) => {
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

export function Blocks({ message, onButton }) {
  return message.blocks.map((block) => html`<${Block} block=${block} onButton=${onButton} />`);
}

function Block({ block, onButton }) {
  switch (block.kind) {
    case 'heading':
      return html`<h3><${Inlines} text=${block.text} /></h3>`;
    case 'text':
      return html`<p><${Inlines} text=${block.text} /></p>`;
    case 'fields':
      return html`<dl class="fields">
        ${block.fields.map(({ name, value }) => html`<div class=${lengthOf(value) > LONG_FIELD ? 'wide' : undefined}><dt>${name}</dt><dd><${Inlines} text=${value} /></dd></div>`)}
      </dl>`;
    case 'progress':
      return html`<${Progress} ...${block} />`;
    case 'table':
      return html`<${Table} ...${block} />`;
    case 'code':
      return html`<${Code} text=${block.text} />`;
    case 'image':
      return html`<${Picture} ...${block} />`;
    case 'file':
      return html`<${File} ...${block} />`;
    case 'divider':
      return html`<hr />`;
    case 'buttons':
      return html`<div class="buttons">
        ${block.buttons.map((button) => html`<${ActionButton} button=${button} onButton=${onButton} />`)}
      </div>`;
    default:
      return null;
  }
}

/** Where it is narrow, the rows of a table of several columns become blocks; the roles say that it still is a table. */
function Table({ columns, rows }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table"><table role="table" class=${columns.length > 2 ? 'several' : undefined}>
    <thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}</tr></thead>
    <tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map((cell, index) => html`<${Cell} text=${cell} column=${columns[index]} />`)}</tr>`)}</tbody>
  </table></div>`;
}

function Cell({ text, column }) {
  const length = lengthOf(text);
  const kind = length === 0 ? 'empty' : length > LONG_CELL ? 'long' : undefined;
  const isFolded = typeof text === 'string' && length > FOLDED_CELL;
  return html`<td role="cell" class=${kind} data-column=${column}>${
    isFolded
      ? html`<details><summary>${text.slice(0, FOLDED_CELL).trimEnd()}…</summary>${text}</details>`
      : html`<${Inlines} text=${text} />`
  }</td>`;
}

function Progress({ label, fraction }) {
  const percent = fraction === null ? null : Math.round(fraction * 1000) / 10;
  return html`<div class="progress">
    ${percent !== null && html`<progress max="100" value=${percent} aria-label="Progress">${percent}%</progress>`}
    <span class="progress-label">${percent !== null && html`<strong>${Math.round(percent)}%</strong> · `}<${Inlines} text=${label} /></span>
  </div>`;
}

function Code({ text }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const isCommand = text.split('\n').length <= COMMAND_LINES;
  return html`<div class=${isCommand ? 'code command' : 'code'}>
    <pre tabindex="0" role="region" aria-label="Log lines">${text}</pre>
    <button type="button" class="quiet" onClick=${copy}>${copied ? 'Copied' : 'Copy'}</button>
  </div>`;
}

function useFile(name) {
  const [url, setUrl] = useState(null);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    let current = true;
    fileUrl(name).then(
      (value) => current && setUrl(value),
      (error) => current && setProblem(error.message),
    );
    return () => {
      current = false;
    };
  }, [name]);
  return { url, problem };
}

function Picture({ image, alt, width, height }) {
  const { url, problem } = useFile(image.file);
  if (problem) return html`<p class="problem">${problem} It showed: ${alt}</p>`;
  return html`<a class="picture" href=${url ?? undefined} target="_blank" rel="noopener" aria-label=${`${alt} (opens larger)`}>
    <img src=${url ?? undefined} alt=${alt} width=${width} height=${height} />
  </a>`;
}

function File({ file, name, bytes }) {
  const { url, problem } = useFile(file.file);
  if (problem) return html`<p class="problem">${problem}</p>`;
  return html`<p><a class="file" href=${url ?? undefined} download=${name}>${name} <small>${size(bytes)}</small></a></p>`;
}

/** In decimal units, as the terminal shows them. */
function size(bytes) {
  const unit = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ].find(([of]) => bytes >= of);
  return unit ? `${Number((bytes / unit[0]).toPrecision(3))} ${unit[1]}` : `${bytes} bytes`;
}

/** A button waits for its answer before it can be pressed again. */
function ActionButton({ button, onButton }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    try {
      await onButton(button);
    } finally {
      setBusy(false);
    }
  };
  return html`<button type="button" class=${button.style ?? 'default'} disabled=${busy} onClick=${press}>${button.label}</button>`;
}
