import { ActionButton } from './action-button.js';
import { Chart } from './chart.js';
import { Code } from './code.js';
import { File } from './files.js';
import { html } from './htm-preact.js';
import { Inlines, lengthOf } from './inlines.js';
import { Log } from './log.js';
import { Picture } from './picture.js';
import { nameOfButton, subjectOf } from './subject.js';
import { Table } from './table.js';

/** A field with more than this takes two columns, characters. */
const LONG_FIELD = 16;

export function Blocks({ message, onButton }) {
  const subject = subjectOf(message);
  return message.blocks.map(
    (block) => html`<${Block} block=${block} subject=${subject} onButton=${onButton} />`,
  );
}

function Block({ block, subject, onButton }) {
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
      return block.isLog ? html`<${Log} text=${block.text} />` : html`<${Code} text=${block.text} />`;
    case 'image':
      return block.live ? html`<${Chart} ...${block} />` : html`<${Picture} ...${block} />`;
    case 'file':
      return html`<${File} ...${block} />`;
    case 'divider':
      return html`<hr />`;
    case 'buttons':
      return html`<div class="buttons">
        ${block.buttons.map((button) => html`<${ActionButton} button=${button} name=${nameOfButton(button, subject)} onButton=${onButton} />`)}
      </div>`;
    default:
      return null;
  }
}

function Progress({ label, fraction }) {
  const percent = fraction === null ? null : Math.round(fraction * 1000) / 10;
  return html`<div class="progress">
    ${percent !== null && html`<progress max="100" value=${percent} aria-label="Progress">${percent}%</progress>`}
    <span class="progress-label">${percent !== null && html`<strong>${Math.round(percent)}%</strong> · `}<${Inlines} text=${label} /></span>
  </div>`;
}
