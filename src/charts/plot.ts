import type { ColourName } from '../core/palette.ts';

/** A colour of the palette, and how much of it is there: two hexadecimal digits, `curve-1/55`. */
export type PlotColour = ColourName | `${ColourName}/${string}`;

/** One chart of a picture, before it has letters, colours and a size; plain JSON. */
export interface Plot {
  title: string;
  notes: string[];
  /** What else is said of its scale and its lines as they are in a picture; a page may switch them. */
  asDrawn?: string[];
  /** What stands beside a name: each dataset's own point, or its line with its dashes. */
  legend: 'none' | 'points' | 'lines';
  /** Of one picture with several; it has less room. */
  small?: boolean;
  type: 'line' | 'bar';
  labels?: (string | string[])[];
  datasets: Dataset[];
  /** As Chart.js has them. */
  options: {
    scales: { x: object; y: object; [more: string]: object };
    indexAxis?: 'y';
    parsing?: false;
    normalized?: true;
  };
}

/** A dataset as Chart.js has it, with the palette's colours, and its part in the plot. */
export interface Dataset {
  label: string;
  data: readonly (Point | number | null)[];
  borderColor: PlotColour;
  backgroundColor: PlotColour;
  pointStyle?: string;
  /** `logged`: the values themselves beneath a smoothed curve; `bad`: where something that is no number was logged. */
  part?: 'smoothed' | 'logged' | 'bad';
  /** Not in the legend of a picture. */
  unlisted?: boolean;
  [chartJs: string]: unknown;
}

/** A point over axes of numbers. */
export interface Point {
  x: number;
  y: number | null;
}

/** An axis with a name. */
export function named(text: string) {
  return { title: { display: text !== '', text } };
}
