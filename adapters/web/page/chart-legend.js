import { curvesOf, isOfNumbers } from './chart-config.js';
import { Stroke } from './chart-stroke.js';
import { html } from './htm-preact.js';

/** The names of what is drawn; of several curves each is a switch. */
export function Legend({ plot, smooth, hidden, onHidden }) {
  if (!isOfNumbers(plot))
    return html`<ul class="legend">${plot.datasets.map(
      ({ label, borderColor, backgroundColor, pointStyle, borderDash }) =>
        html`<li class="key"><${Stroke} colour=${pointStyle === 'rect' ? backgroundColor : borderColor} dash=${borderDash ?? []} mark=${pointStyle} />${label}</li>`,
    )}</ul>`;
  const curves = curvesOf(plot);
  if (curves.length < 2) {
    const shown = plot.datasets.filter(
      ({ part, hidden: isBehind }) => !isBehind && (smooth || part !== 'smoothed') && part !== 'bad',
    );
    if (plot.small || !plot.datasets.some(({ part }) => part === 'smoothed')) return null;
    return html`<ul class="legend">${shown.map(
      ({ label, borderColor, part }) =>
        html`<li class=${part === 'logged' && smooth ? 'key faint' : 'key'}><${Stroke} colour=${borderColor} dash=${[]} />${label}</li>`,
    )}</ul>`;
  }
  const turn = (index) => {
    const next = new Set(hidden);
    if (!next.delete(index)) next.add(index);
    onHidden(next);
  };
  return html`<ul class="legend">${curves.map(({ label, shown, smoothed }, index) => {
    const { borderColor, borderDash } = plot.datasets[shown];
    return html`<li><button type="button" class="key quiet" aria-pressed=${!hidden.has(index)} onClick=${() => turn(index)}>
      <${Stroke} colour=${borderColor} dash=${borderDash ?? []} />${label}${smoothed && smooth ? ', smoothed' : ''}
    </button></li>`;
  })}</ul>`;
}
