/**
 * What a page draws a chart of by itself, with Chart.js: plain JSON without functions, letters and colours. The number of points is
 * bounded, whatever was logged.
 */
export interface LiveChart {
  /** Stands above several plots; one has its own. */
  title: string | null;
  notes: readonly string[];
  plots: readonly LivePlot[];
}

export interface LivePlot {
  title: string;
  notes: readonly string[];
  /** Of several beside each other; it has less room. */
  small: boolean;
  /** Chart.js's own names; of `datasets`, colours are `ColourName`, or one with `/` and its opacity as two hexadecimal digits. */
  type: string;
  labels: readonly unknown[] | null;
  datasets: readonly LiveDataset[];
  options: unknown;
}

export interface LiveDataset {
  /** Of a point on axes of numbers: `ys[i]` at `xs[i]`, null where the line breaks. Else `data` is one value a label. */
  xs?: readonly number[];
  ys?: readonly (number | null)[];
  data?: readonly unknown[];
  /** `logged`: the values themselves beneath a smoothed curve; `bad`: where something that is no number was logged. */
  part?: 'smoothed' | 'logged' | 'bad';
  [chartJs: string]: unknown;
}
