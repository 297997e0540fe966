import { canBeLog, curvesOf, hasSmoothing, isLog, LOG_SCALE } from './chart-config.js';
import { Plot } from './chart-plot.js';
import { tableOf } from './chart-values.js';
import { html, useLayoutEffect, useReducer, useRef, useState } from './htm-preact.js';
import { Table } from './table.js';

/** `view`: what was switched before, which a chart keeps while it is out of view. */
export function Live({ library, data, block, view, isLarge = false }) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  const [zoomed, setZoomed] = useState(new Set());
  const [reset, onReset] = useReducer((count) => count + 1, 0);
  const [larger, setLarger] = useState(false);
  const set = (changes) => {
    Object.assign(view, changes);
    redraw();
  };
  const { title, notes, plots } = data;
  const smooth = view.smooth ?? true;
  const log = view.log ?? plots.some(isLog);
  const only = plots.length === 1 ? plots[0] : null;
  const shown = only ?? { title, notes };
  const told = [
    ...shown.notes,
    ...(only && log ? [LOG_SCALE] : []),
    ...(smooth && isFaint(plots) ? ['smoothed, with the logged values faint'] : []),
  ];
  const zoom = (index) => (isZoomed) => {
    setZoomed((before) => {
      const next = new Set(before);
      if (isZoomed) next.add(index);
      else next.delete(index);
      return next;
    });
  };
  return html`<figcaption>
      <strong>${shown.title}</strong>
      ${told.length > 0 && html`<p class="notes">${told.join(' · ')}</p>`}
    </figcaption>
    <div class="chart-tools" role="group" aria-label=${`Chart of ${shown.title}`}>
      ${plots.some(canBeLog) && html`<${Switch} on=${log} onTurn=${(on) => set({ log: on })}>Log scale<//>`}
      ${plots.some(hasSmoothing) && html`<${Switch} on=${smooth} onTurn=${(on) => set({ smooth: on })}>Smoothing<//>`}
      ${zoomed.size > 0 && html`<button type="button" onClick=${onReset}>Show all</button>`}
      ${!isLarge && html`<button type="button" aria-label=${`Open the chart of ${shown.title} larger`} onClick=${() => setLarger(true)}>Larger</button>`}
    </div>
    <div class=${plots.some(({ small }) => small) ? 'plots several' : 'plots'}>
      ${plots.map((plot, index) => html`<${Plot} key=${index} plot=${plot} alt=${only ? block.alt : `Chart of ${title}, ${plot.title}.`} Chart=${library} smooth=${smooth} log=${view.log} withTitle=${!only} reset=${reset} onZoomed=${zoom(index)} />`)}
    </div>
    <details class="chart-data">
      <summary>Values as a table</summary>
      <p>${block.alt}</p>
      ${plots.map((plot) => html`${!only && html`<p class="plot-title">${plot.title}</p>`}<${Table} ...${tableOf(plot)} />`)}
    </details>
    ${larger && html`<${Larger} library=${library} data=${data} block=${block} view=${{ ...view }} onClose=${() => setLarger(false)} />`}`;
}

/** Whether what was logged is seen faintly, and no legend says so: that of one curve alone does. */
function isFaint(plots) {
  const isAlone = plots.length === 1 && curvesOf(plots[0]).length === 1;
  return !isAlone && plots.some(({ datasets }) => datasets.some(isLoggedShown));
}

const isLoggedShown = ({ part, hidden }) => part === 'logged' && !hidden;

function Switch({ on, onTurn, children }) {
  return html`<button type="button" aria-pressed=${on} onClick=${() => onTurn(!on)}>${children}</button>`;
}

function Larger({ onClose, ...live }) {
  const dialog = useRef(null);
  // Before the chart in it is made, which takes the room that there is.
  useLayoutEffect(() => dialog.current.showModal(), []);
  return html`<dialog class="chart-large" ref=${dialog} aria-label=${live.block.alt} onClose=${onClose}
    onClick=${(event) => event.target === dialog.current && dialog.current.close()}>
    <div class="chart">
      <button type="button" class="quiet close" aria-label="Close the larger chart" onClick=${() => dialog.current.close()}>✕</button>
      <${Live} ...${live} isLarge />
    </div>
  </dialog>`;
}
