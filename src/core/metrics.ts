import type { Job } from './job.ts';
import type { FileRef } from './message.ts';

/** One tag's points in the order they were logged; the three columns have `length` valid entries. */
export interface Series {
  tag: string;
  length: number;
  steps: Float64Array;
  /** Epoch seconds. */
  wallTimes: Float64Array;
  /** May hold NaN and infinities: they were logged. */
  values: Float64Array;
}

export interface RunSeries {
  /** Sorted by tag. */
  series: readonly Series[];
  /** Records skipped because they were damaged. */
  corruptRecords: number;
}

/** How far a run is. `secondsLeft` is a range that the run's own rate supports, or null without a basis. */
export interface Progress {
  step: number;
  maxSteps: number | null;
  elapsedSeconds: number;
  stepsPerSecond: number | null;
  secondsLeft: { low: number; high: number } | null;
}

export interface MetricsService {
  /** Every scalar of the run so far; an empty list when it has logged none. Reads only what is new since the last call. */
  series(job: Job): Promise<RunSeries>;
  /** From `json/log.jsonl` and `config.yaml`; null when the run has logged no step. */
  progress(job: Job): Promise<Progress | null>;
  /** The run's resolved settings, flattened to `a.b.c` -> text; empty when config.yaml is missing or broken. */
  config(job: Job): Promise<Readonly<Record<string, string>>>;
}

export interface ChartRequest {
  title: string;
  subtitle?: string;
  /** Label and points of each curve; the first is the one the chart is about. */
  curves: readonly { label: string; series: Series }[];
}

/** A drawn chart, kept in the file store. */
export interface Chart {
  image: FileRef;
  /** What the picture shows in words: first, last and best value, trend. */
  alt: string;
  /** Size in CSS pixels at which it is meant to be shown. */
  width: number;
  height: number;
}

export interface ChartService {
  /** Error `chart` when the drawing process fails or takes too long. */
  draw(request: ChartRequest): Promise<Chart>;
}
