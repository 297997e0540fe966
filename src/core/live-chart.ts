/**
 * What a chart shows, as plain JSON without functions, letters and colours: a page draws it itself with Chart.js, and pictures are drawn
 * of it. The number of points is bounded, whatever was logged.
 */
export interface LiveChart {
  /** Of its picture, CSS pixels. */
  width: number;
  height: number;
  /** Stands above several plots; one has its own. */
  title: string | null;
  notes: readonly string[];
  /** What else is said of it as it is drawn in a picture. */
  asDrawn: readonly string[];
  plots: readonly LivePlot[];
}

export interface LivePlot {
  /** Its place in the picture, CSS pixels from the upper left. */
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  notes: readonly string[];
  /** What else is said of its scale and its lines as they are in a picture; a page may switch them. */
  asDrawn: readonly string[];
  /** What stands beside a name: each dataset's own point, or its line with its dashes. */
  legend: 'none' | 'points' | 'lines';
  /** Of several beside each other; it has less room. */
  small: boolean;
  /** Chart.js's own names; of `datasets`, colours are `ColourName`, or one with `/` and its opacity as two hexadecimal digits. */
  type: string;
  labels: readonly unknown[] | null;
  datasets: readonly LiveDataset[];
  options: { scales: { [axis: string]: object } };
}

export interface LiveDataset {
  label: string;
  /** Of a point on axes of numbers: `ys[i]` at `xs[i]`, null where the line breaks. Else `data` is one value a label. */
  xs?: readonly number[];
  ys?: readonly (number | null)[];
  data?: readonly unknown[];
  /** `logged`: the values themselves beneath a smoothed curve; `bad`: where something that is no number was logged. */
  part?: 'smoothed' | 'logged' | 'bad';
  [chartJs: string]: unknown;
}
