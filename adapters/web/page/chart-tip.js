import { Stroke } from './chart-stroke.js';
import { html, useEffect, useRef } from './htm-preact.js';

/** A row in words. */
export function valueText({ label, value, smoothed }) {
  return smoothed === undefined ? `${label} ${value}` : `${label} ${value}, smoothed ${smoothed}`;
}

/** The values at a place, beside the pointer. */
export function Tip({ at, title, rows }) {
  const tip = useRef(null);
  useEffect(() => {
    const { style, offsetWidth, parentElement } = tip.current;
    const room = parentElement.clientWidth;
    const right = at.x + 14;
    style.left = `${Math.max(0, right + offsetWidth <= room ? right : Math.min(at.x - 14 - offsetWidth, room - offsetWidth))}px`;
  });
  const isSmoothed = rows.some(({ smoothed }) => smoothed !== undefined);
  return html`<div class=${isSmoothed ? 'tip smoothed' : 'tip'} ref=${tip} aria-hidden="true">
    <strong>${title}</strong>${isSmoothed && html`<i>logged</i><i>smoothed</i>`}
    ${rows.map((row) => html`<${Stroke} ...${row} /><span>${row.label}</span><b>${row.value}</b>${isSmoothed && html`<b>${row.smoothed}</b>`}`)}
  </div>`;
}
