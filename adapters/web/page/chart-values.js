import { curvesOf, isOfNumbers } from './chart-config.js';

/** Digits of a number that is no whole one. */
const DIGITS = 4;
/** Rows of the table of a chart. */
const ROWS = 24;

/** A number with as many digits as tell it apart from its neighbours in a chart. */
export function numberText(value) {
  if (!Number.isFinite(value)) return String(value);
  const isShort = Number.isInteger(value) && Math.abs(value) < 1e15;
  return isShort ? value.toLocaleString('en') : String(Number(value.toPrecision(DIGITS)));
}

/** The index of the point nearest to `x` that has a value; -1 where the curve does not go. */
export function nearestAt({ xs, ys }, x) {
  if (xs.length === 0) return -1;
  let [low, high] = [0, xs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  const reach = Math.max(xs[1] - xs[0] || 0, (xs.at(-1) - xs[0]) / xs.length, 0);
  if (x < xs[0] - reach || x > xs.at(-1) + reach) return -1;
  const near = Math.abs(xs[low] - x) <= Math.abs(xs[high] - x) ? low : high;
  if (ys[near] !== null) return near;
  return ys[near - 1] !== null && near > 0 ? near - 1 : near;
}

/** What stands at `x`: of each curve that is shown the value that was logged there, and the smoothed one. */
export function curvesAt(plot, view, x) {
  const rows = [];
  for (const [index, curve] of curvesOf(plot).entries()) {
    if (view.hidden.has(index)) continue;
    const logged = plot.datasets[curve.logged];
    const at = nearestAt(logged, x);
    if (at < 0 || logged.ys[at] === null) continue;
    const isSmooth = view.smooth && curve.smoothed;
    const smoothed = plot.datasets[curve.shown];
    const near = isSmooth ? nearestAt(smoothed, x) : -1;
    const second = near >= 0 && smoothed.ys[near] !== null ? smoothed.ys[near] : null;
    rows.push({
      label: curve.label,
      colour: smoothed.borderColor,
      index: curve.shown,
      dash: smoothed.borderDash ?? [],
      x: logged.xs[at],
      y: second ?? logged.ys[at],
      value: numberText(logged.ys[at]),
      ...(second === null ? {} : { smoothed: numberText(second) }),
    });
  }
  return rows;
}

/** What stands at the name with this index. */
export function namedAt(plot, index) {
  return plot.datasets
    .filter(({ data }) => data[index] !== null && data[index] !== undefined)
    .map((dataset) => ({
      label: dataset.label,
      colour: dataset.pointStyle === 'rect' ? dataset.backgroundColor : dataset.borderColor,
      dash: dataset.borderDash ?? [],
      mark: dataset.pointStyle,
      value: numberText(dataset.data[index]),
    }));
}

/** `step 1,200`, `2.5 hours since the first start`. */
export function placeText(plot, x) {
  const name = plot.options.scales.x.title?.text || 'step';
  return name === 'step' ? `step ${numberText(Math.round(x))}` : `${numberText(x)} ${name}`;
}

export function nameAt(plot, index) {
  return [plot.labels[index]].flat().join(' ');
}

/** A plot as a table: some points evenly along it, or all its names. */
export function tableOf(plot) {
  if (!isOfNumbers(plot)) {
    const columns = ['', ...plot.datasets.map(({ label }) => label)];
    const rows = plot.labels.map((_, index) => [
      nameAt(plot, index),
      ...plot.datasets.map(({ data }) => (data[index] === null ? '' : numberText(data[index]))),
    ]);
    return { columns, rows };
  }
  const curves = curvesOf(plot).map(({ label, logged }) => ({ label, ...plot.datasets[logged] }));
  const longest = curves.reduce((most, each) => (each.xs.length > most.length ? each.xs : most), []);
  const count = Math.min(ROWS, longest.length);
  const places = Array.from(
    { length: count },
    (_, nth) => longest[Math.round((nth * (longest.length - 1)) / Math.max(1, count - 1))],
  );
  const rows = [...new Set(places)].map((x) => [
    numberText(x),
    ...curves.map((curve) => {
      const at = nearestAt(curve, x);
      return at < 0 ? '' : curve.ys[at] === null ? 'NaN' : numberText(curve.ys[at]);
    }),
  ]);
  return {
    columns: [plot.options.scales.x.title?.text || 'step', ...curves.map(({ label }) => label)],
    rows,
  };
}
