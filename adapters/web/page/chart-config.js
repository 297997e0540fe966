import { coloursNow } from './chart-colours.js';

/** Letters in a chart, CSS pixels: legible on a phone. */
const LETTERS = 12;

/** What is said of a plot that has one. */
export const LOG_SCALE = 'log scale';

/** The curves of a plot: each with what is smoothed, what was logged and where that was no number. */
export function curvesOf(plot) {
  const curves = [];
  for (const [index, dataset] of plot.datasets.entries()) {
    const { part } = dataset;
    if (part === 'logged' || part === 'bad') curves.at(-1)[part] = index;
    else curves.push({ label: dataset.label, shown: index, smoothed: part === 'smoothed' });
  }
  return curves.map((curve) => {
    const logged = plot.datasets[curve.logged ?? curve.shown];
    // Alone, its parts are named instead: then it goes by the title.
    const label = logged.part === 'logged' && !logged.unlisted ? plot.title : logged.label;
    return { ...curve, logged: curve.logged ?? curve.shown, label };
  });
}

/** Whether it is of points over numbers, rather than of a few names. */
export function isOfNumbers(plot) {
  return plot.labels === null;
}

export function hasSmoothing(plot) {
  return plot.datasets.some(({ part }) => part === 'smoothed');
}

/** A log scale shows what is above zero alone. */
export function canBeLog(plot) {
  if (!isOfNumbers(plot)) return false;
  const ys = plot.datasets.filter(({ part }) => part !== 'bad').flatMap((each) => each.ys);
  const values = ys.filter((y) => y !== null);
  return values.length > 0 && values.every((y) => y > 0);
}

export function isLog(plot) {
  return plot.options.scales.y.type === 'logarithmic';
}

/**
 * Chart.js's configuration of a plot in the page's theme. `view`: whether it is smoothed and on a log scale, the curves that are hidden,
 * and the part of the x-axis that is shown, null for all of it.
 */
export function configOf(plot, view) {
  const colours = coloursNow();
  try {
    return {
      type: plot.type,
      data: { labels: plot.labels ?? undefined, datasets: datasetsOf(plot, view, colours) },
      options: optionsOf(plot, view, colours),
    };
  } finally {
    colours.done();
  }
}

function datasetsOf(plot, view, colours) {
  const hidden = new Set();
  for (const [index, curve] of curvesOf(plot).entries()) {
    const unseen = view.smooth || !curve.smoothed ? [] : [curve.shown];
    for (const each of view.hidden.has(index) ? [curve.shown, curve.logged, curve.bad] : unseen)
      hidden.add(each);
  }
  return plot.datasets.map(({ xs, ys, data, hidden: isBehind, ...dataset }, index) => {
    const isAlone = dataset.part === 'logged' && !view.smooth;
    // In place of the smoothed line it is drawn as that one was.
    const like = isAlone ? plot.datasets[index - 1] : dataset;
    return {
      ...dataset,
      borderColor: colours.of(like.borderColor),
      backgroundColor: colours.of(like.backgroundColor),
      borderDash: like.borderDash ?? [],
      ...(dataset.part === 'logged' ? { borderWidth: isAlone ? 1.5 : 1, order: like.order } : {}),
      ...(dataset.part === 'smoothed' || !dataset.part ? lighter(dataset) : {}),
      data: xs ? xs.map((x, at) => ({ x, y: ys[at] })) : data,
      hidden: hidden.has(index) || (isBehind === true && !isAlone),
    };
  });
}

/** Strokes and marks as wide as suits letters of this size; in pictures they are larger. */
function lighter({ borderWidth, pointRadius }) {
  return {
    ...(borderWidth === undefined ? {} : { borderWidth: Math.min(2, borderWidth) }),
    ...(typeof pointRadius === 'number' ? { pointRadius: pointRadius * 0.6 } : {}),
  };
}

function optionsOf(plot, view, colours) {
  const { scales, ...rest } = plot.options;
  const axes = Object.entries(scales).map(([key, axis]) => [key, axisOf(key, axis, plot, view, colours)]);
  return {
    ...rest,
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: 6, right: 12 } },
    plugins: {
      title: { display: false },
      legend: { display: false },
      tooltip: { enabled: false },
      cursor: {
        colour: colours.of('neutral'),
        ground: colours.of('ground'),
        selected: colours.of('accent/33'),
      },
    },
    scales: Object.fromEntries(axes),
  };
}

function axisOf(key, axis, plot, view, colours) {
  const text = { color: colours.of('soft'), font: { size: LETTERS, family: colours.family } };
  const own = { ...axis };
  if (key === 'y' && isOfNumbers(plot)) {
    own.type = view.log ? 'logarithmic' : 'linear';
    // Where the beginning was cut off it is for the whole run alone.
    if (view.log || view.range) delete own.max;
  }
  if (key === 'x' && view.range) Object.assign(own, view.range);
  return {
    ...own,
    title: { ...axis.title, ...text },
    ticks: {
      maxRotation: 0,
      ...axis.ticks,
      ...text,
      color: axis.ticks?.color?.map(colours.of) ?? text.color,
    },
    grid: { color: colours.of('line'), ...axis.grid },
    border: { color: colours.of('line') },
  };
}
