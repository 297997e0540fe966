import { html } from './htm-preact.js';

/** Chart.js's marks, in a box of 26 by 12. */
const MARKS = {
  circle: 'M9 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
  rect: 'M8 1h10v10h-10z',
  rectRot: 'M13 1l5 5l-5 5l-5 -5z',
};

/** How a dataset is drawn, beside its name. */
export function Stroke({ colour, dash, mark }) {
  const [name] = colour.split('/');
  const paint = `var(--${name})`;
  return html`<svg class="stroke" viewBox="0 0 26 12" width="26" height="12" aria-hidden="true">
    ${
      mark && MARKS[mark]
        ? html`<path d=${MARKS[mark]} fill=${paint} stroke=${paint} stroke-width="2.5" />`
        : html`<line x1="0" x2="26" y1="6" y2="6" stroke=${paint} stroke-width="2.5" stroke-dasharray=${dash.join(' ')} />`
    }
  </svg>`;
}
