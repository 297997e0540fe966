import type { Objective } from './experiment.ts';
import type { Job } from './job.ts';
import type { FileRef } from './message.ts';
import type { RunPlace } from './run-place.ts';

/** One tag's points in the order of their steps; the three columns have `length` valid entries. */
export interface Series {
  tag: string;
  length: number;
  steps: Float64Array;
  /** What they count, where that is known and no step. */
  counts?: 'epoch' | 'iteration' | undefined;
  /** Epoch seconds; NaN where nobody knows, as of a table's rows that were there when it was first read. */
  wallTimes: Float64Array;
  /** May hold NaN and infinities: they were logged. */
  values: Float64Array;
}

export interface RunSeries {
  /** Sorted by tag. */
  series: readonly Series[];
  /** Records and lines skipped because they were damaged. */
  corruptRecords: number;
  /** When one of its files was written last, epoch milliseconds; null before there are any. */
  writtenAt: number | null;
  /** Why there is no series: its folder is gone, it has neither event files nor a metrics log, or they hold no scalar (yet). */
  absence: 'folder' | 'files' | 'scalars' | null;
  /** How many tags are kept, where the run logs more; null where all are. */
  tagsKept: number | null;
  /** Of what it was read where its files are not xax's own. */
  sources?: RunSources;
  /** Where it was found, if not in its run folder. */
  place?: RunPlace;
  /** Nothing was read, since each of these folders may be the run's. */
  candidates?: readonly string[];
}

/** What a run was read from, whatever wrote it. Paths are below its folder. */
export interface RunSources {
  files: readonly { path: string; format: string }[];
  /** Files that are there and not read, or not whole, and why in words that follow the path. */
  unread: readonly { path: string; why: string }[];
  /** Attempts at the same training, the oldest first, in their folders' words; empty where there was one. */
  attempts: readonly string[];
  /** Counters, clocks, placeholders, and totals that come once at the end, sorted by tag. */
  beside: readonly Series[];
  /** What a tag's steps count, in its file's own word; undefined where it has none. */
  stepNameOf(tag: string): string | undefined;
  /** The file that has a tag's last point; undefined for a tag that is not there. */
  fileOf(tag: string): string | undefined;
}

/**
 * How far a run is. `secondsLeft` is a range that the run's own rate supports, or null without a basis.
 * `silentSeconds`: how long it has made no step; null while steps come as usual.
 */
export interface Progress {
  step: number;
  /** What is counted; absent: steps. Epochs may be parts of one. */
  unit?: 'step' | 'epoch';
  maxSteps: number | null;
  elapsedSeconds: number;
  stepsPerSecond: number | null;
  silentSeconds: number | null;
  secondsLeft: { low: number; high: number } | null;
}

/** A run's resolved settings, flattened to `a.b.c` -> text. */
export interface RunSettings {
  /** As the file writes them; of a text that stands there in quotes, its content. */
  settings: Readonly<Record<string, string>>;
  /** What settings are compared by, where the run's file was read: equal texts for equal values, and for no others. */
  values?: Readonly<Record<string, string>>;
  /** Why there are none, in words for the reader; null where they were read. */
  problem: string | null;
  /** The files that tell of them, where these are not xax's own: below the run's folder, or absolute where it writes elsewhere. */
  from?: readonly string[];
  /** Its stack told some of them itself, besides what its queue started it with. */
  isOfStack?: boolean;
  /** No metrics of it were found: what its stack writes of its settings may not be there yet, or is not known where. */
  isEarly?: true;
  /** What its parts, or attempts at it, were started with that is not the same in all of them, by name. */
  differing?: readonly string[];
}

export interface MetricsService {
  /**
   * Every scalar of the run so far, from its event files and its metrics log; an empty list when it has logged none. Reads
   * only what is new since the last call.
   */
  series(job: Job): Promise<RunSeries>;
  /**
   * The same at the pace of the event files, for what counts points: a point of the metrics log only where they have none
   * yet, ten seconds apart, and the last one of all.
   */
  paced(job: Job): Promise<Pick<RunSeries, 'series' | 'writtenAt' | 'sources'>>;
  /**
   * What the run's value is taken from: the same whoever reads it and when, though of a long metrics log more is known to
   * whom has followed it. A mean, which counts points, at the pace of the event files; all else from both logs, as long
   * as the metrics log is read whole.
   */
  valued(job: Job, take: Objective['take']): Promise<RunSeries>;
  /** What somebody declared of where it is, in words; null where nobody did. Of what was read before another was declared, it may be another folder. */
  declaredPlace(job: Job): string | null;
  /** As its event files alone tell it; nothing of it is kept. */
  eventSeries(job: Job): Promise<RunSeries>;
  /** From what it has logged and `config.yaml`; null when the run has logged no step. */
  progress(job: Job): Promise<Progress | null>;
  /** What it was started with, as its stack left it: for a run of xax its `config.yaml`. */
  config(job: Job): Promise<RunSettings>;
  /** The same for many runs, one after the other: nothing of it is kept, and nothing that is kept gives way. */
  configOnce(job: Job): Promise<RunSettings>;
}

export type XAxis = 'step' | 'time' | 'relative';

export interface Curve {
  label: string;
  series: Series;
  /** Drawn faint behind the others: the baseline, the best run so far. */
  behind?: boolean;
}

/** Curves over one axis; the first is the one the chart is about. */
export interface CurvesChart {
  kind?: 'curves';
  title: string;
  subtitle?: string;
  /** default `step`; `relative`: seconds since the curve's own first point. */
  axis?: XAxis;
  curves: readonly Curve[];
}

/** Several tags of one run, each in a small picture of its own. */
export interface PanelsChart {
  kind: 'panels';
  title: string;
  subtitle?: string;
  /** At most PANELS_MAX are drawn. */
  panels: readonly Series[];
}

/** What a session's experiments reached, the best first; those of one task are compared. */
export interface ScoreboardChart {
  kind: 'scoreboard';
  title: string;
  metric: string;
  mode: 'min' | 'max';
  /** Oldest first; null where a run gave no value. */
  entries: readonly { label: string; value: number | null; status: string; task?: string }[];
  target?: number;
}

/** What the queue did: busy, idle and failed by day. */
export interface UsageChart {
  kind: 'usage';
  title: string;
  /** Whole days of the reader's zone, oldest first; hours of each: busy with any job, of that with jobs that failed, and with none. */
  days: readonly { label: string; busyHours: number; failedHours: number; idleHours: number; jobs: number }[];
}

export type ChartRequest = CurvesChart | PanelsChart | ScoreboardChart | UsageChart;

/** More panels than this cannot be read on a phone. */
export const PANELS_MAX = 9;

/** A chart, kept in the file store. */
export interface Chart {
  /** Its picture, which is drawn when somebody asks where that file lies. */
  image: FileRef;
  /** What is drawn, as data (`src/core/live-chart.ts`). */
  live: FileRef;
  /** What the picture shows in words: first, last and best value, trend. */
  alt: string;
  /** Size in CSS pixels at which it is meant to be shown. */
  width: number;
  height: number;
}

export interface ChartService {
  draw(request: ChartRequest): Promise<Chart>;
}
