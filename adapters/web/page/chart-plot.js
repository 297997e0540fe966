import { onTheme } from './chart-colours.js';
import { canBeLog, configOf, isLog, isOfNumbers, LOG_SCALE } from './chart-config.js';
import { cursor } from './chart-cursor.js';
import { Legend } from './chart-legend.js';
import { followKeys, followPointer } from './chart-moves.js';
import { Tip, valueText } from './chart-tip.js';
import { curvesAt, nameAt, namedAt, placeText } from './chart-values.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from './htm-preact.js';

/** The height of a plot whose names stand one below the other, pixels: what is around them, and each. */
const AROUND_ROWS = 60;
const ROW = 24;
/**
 * One live chart: hovering or the arrow keys tell the values at a place, dragging, the wheel, two fingers or + and - zoom,
 * a double click or 0 shows all of it. `Chart`: Chart.js.
 */
export function Plot({ plot, alt, Chart, smooth, log, withTitle, reset, onZoomed }) {
  const canvas = useRef(null);
  const live = useRef(null);
  const [hidden, setHidden] = useState(new Set());
  const [range, setRange] = useState(null);
  const [place, setPlace] = useState(null);
  const isNumbers = isOfNumbers(plot);
  const view = { smooth, hidden, range, log: isNumbers && (log ?? isLog(plot)) && canBeLog(plot) };
  const now = useRef(null);
  now.current = { plot, view, place };

  useEffect(() => {
    const chart = new Chart(canvas.current, { ...configOf(plot, view), plugins: [cursor] });
    live.current = chart;
    const draw = () => show(chart, now.current);
    const actions = {
      isOfNumbers: () => isOfNumbers(now.current.plot),
      isZoomed: () => now.current.view.range !== null,
      names: () => now.current.plot.labels?.length ?? 0,
      setPlace,
      place: () => now.current.place,
      setRange: (next) => setRange(withinWhole(now.current.plot, next)),
    };
    const stops = [onTheme(draw), followPointer(chart, actions), followKeys(chart, actions)];
    return () => {
      for (const stop of stops) stop();
      chart.destroy();
      live.current = null;
    };
  }, []);
  // Before the next key or turn of the wheel, which goes on from what is shown.
  useLayoutEffect(() => {
    if (live.current) show(live.current, now.current);
  }, [plot, smooth, log, hidden, range]);
  useEffect(() => onZoomed(range !== null), [range]);
  useLayoutEffect(() => setRange(null), [reset]);

  const rows = place === null ? [] : isNumbers ? curvesAt(plot, view, place.at) : namedAt(plot, place.at);
  const title = place === null ? '' : isNumbers ? placeText(plot, place.at) : nameAt(plot, place.at);
  useEffect(() => {
    if (!live.current) return;
    live.current.$cursor = place && isNumbers ? { x: place.at, rows } : null;
    live.current.draw();
  }, [place, plot, smooth, log, hidden, range]);
  const words = [title, ...rows.map(valueText)].join('; ');
  const { min, max } = isNumbers ? wholeOf(plot) : { min: 0, max: plot.labels.length - 1 };
  const notes = view.log ? [...plot.notes, LOG_SCALE] : plot.notes;
  return html`<section class="plot">
    ${withTitle && html`<p class="plot-title">${plot.title}</p>`}
    ${withTitle && notes.length > 0 && html`<p class="notes">${notes.join(' · ')}</p>`}
    <div class="plot-room" style=${plot.options.indexAxis === 'y' ? { height: `${AROUND_ROWS + ROW * plot.labels.length}px` } : undefined}>
      <canvas ref=${canvas} tabindex="0" role="slider" aria-label=${`${alt} Arrow keys tell the values, plus and minus zoom, 0 shows all.`}
        aria-valuemin=${min} aria-valuemax=${max} aria-valuenow=${place?.at ?? min} aria-valuetext=${place === null ? 'no place chosen' : words}></canvas>
      ${place !== null && html`<${Tip} at=${place} title=${title} rows=${rows} />`}
    </div>
    <${Legend} plot=${plot} smooth=${smooth} hidden=${hidden} onHidden=${setHidden} />
  </section>`;
}

function show(chart, { plot, view }) {
  const { data, options } = configOf(plot, view);
  chart.data = data;
  chart.options = options;
  chart.update('none');
}

/** From where to where a plot goes as a whole. */
function wholeOf(plot) {
  const { min, max } = plot.options.scales.x;
  const xs = plot.datasets.flatMap((dataset) =>
    dataset.xs.length > 0 ? [dataset.xs[0], dataset.xs.at(-1)] : [],
  );
  return { min: min ?? Math.min(0, ...xs), max: max ?? Math.max(1, ...xs) };
}

/** The nearest part of the plot to what was asked for; null for all of it. */
function withinWhole(plot, asked) {
  if (asked === null) return null;
  const whole = wholeOf(plot);
  const width = Math.min(asked.max - asked.min, whole.max - whole.min);
  if (!(width < (whole.max - whole.min) * 0.999) || !(width > 0)) return null;
  const min = Math.min(Math.max(asked.min, whole.min), whole.max - width);
  return { min, max: min + width };
}
