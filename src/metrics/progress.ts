import type { Progress, RunSeries, Series } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';
import { latest } from '../core/series.ts';
import { parseMetricsLine } from './metrics-line.ts';
import { findMetricsLog, LINE_MAX_BYTES } from './metrics-log.ts';
import { steadyRates } from './steady-rate.ts';

/** xax writes a line a second (json logger of 0.4.9); this many bytes hold the last minutes. */
const TAIL_BYTES = 64 * 1024;
/**
 * Without a new step for so long, and for so many times what usually lies between two lines, a run is silent: what
 * it did before tells nothing of its rate any more. Seconds.
 */
const SILENT_SECONDS = 60;
const SILENT_INTERVALS = 10;
/** Points of the event files that are looked at: xax writes one in ten seconds. */
const POINTS_SEEN = 100;

interface StateLine {
  steps: number;
  elapsed: number;
  /** When the run began by its own clock, epoch seconds; null where that is not said. */
  start: number | null;
  hasValues: boolean;
}

/**
 * How far the run is, by the last lines of its metrics log and by its series where those go further; null when it has
 * logged no step yet. `now` in epoch milliseconds: of a run that went silent the step is known and for how long, and
 * neither rate nor time left.
 */
export async function readProgress(
  files: RunFiles,
  maxSteps: number | null,
  now: number,
  run: Pick<RunSeries, 'series' | 'writtenAt'> | null = null,
): Promise<Progress | null> {
  const found = await findMetricsLog(files);
  let logged = found ? await lastLines(files, found.path, found.size) : [];
  const furthest = furthestOf(run?.series ?? []);
  // Of a log that the series knows and does not follow, the run was resumed without one.
  const isKnown = run?.writtenAt && found && found.mtimeMs <= run.writtenAt;
  const isPast = isKnown && logged.at(-1)?.hasValues && stepOf(furthest) < logged.at(-1)!.steps;
  if (isPast) logged = [];
  const lines = [...logged, ...linesBeyond(logged.at(-1), furthest)];
  const last = lines.at(-1);
  if (!last) return null;
  const writtenAt = Math.max(found?.mtimeMs ?? 0, run?.writtenAt ?? 0);
  const sinceStep = (now - writtenAt) / 1_000 + secondsAtStep(lines);
  const isSilent = sinceStep > Math.max(SILENT_SECONDS, SILENT_INTERVALS * usualInterval(lines));
  const rates = isSilent ? [] : steadyRates(lines);
  const rate = rates.length > 0 ? median(rates) : null;
  const stepsLeft = maxSteps === null ? null : Math.max(0, maxSteps - last.steps);
  return {
    step: last.steps,
    maxSteps,
    elapsedSeconds: last.elapsed,
    stepsPerSecond: rate,
    silentSeconds: isSilent ? sinceStep : null,
    secondsLeft:
      stepsLeft === null || rate === null
        ? null
        : { low: stepsLeft / Math.max(...rates), high: stepsLeft / Math.min(...rates) },
  };
}

async function lastLines(files: RunFiles, path: string, size: number): Promise<StateLine[]> {
  for (const bytes of [TAIL_BYTES, LINE_MAX_BYTES]) {
    const start = Math.max(0, size - bytes);
    const text = (await files.read(path, start, size)).toString('utf8');
    const lines = stateLines(start === 0 ? text : text.slice(text.indexOf('\n') + 1));
    if (lines.length > 0 || start === 0) return lines;
  }
  return [];
}

/** Lines that hold a step and a time; a half-written or foreign line is passed over. */
function stateLines(text: string): StateLine[] {
  const lines: StateLine[] = [];
  for (const each of text.split('\n')) {
    const line = parseMetricsLine(each);
    if (!line || line.elapsed === null) continue;
    const previous = lines.at(-1);
    if (previous && line.step < previous.steps) lines.length = 0;
    lines.push({
      steps: line.step,
      elapsed: line.elapsed,
      start: line.start,
      hasValues: Object.keys(line.values).length > 0,
    });
  }
  return lines;
}

/** The series whose last step is the highest; undefined without one. */
function furthestOf(series: readonly Series[]): Series | undefined {
  return series.reduce<Series | undefined>(
    (most, each) => (stepOf(each) > stepOf(most) ? each : most),
    undefined,
  );
}

function stepOf(series: Series | undefined): number {
  return (series && latest(series)?.step) ?? Number.NEGATIVE_INFINITY;
}

/** The last points of a series, as far as they lie beyond the last line of the metrics log. */
function linesBeyond(last: StateLine | undefined, series: Series | undefined): StateLine[] {
  const beyond = last?.steps ?? Number.NEGATIVE_INFINITY;
  if (!series || stepOf(series) <= beyond) return [];
  const { steps, wallTimes, length } = series;
  const start = last?.start ?? wallTimes[0]!;
  const from = Math.max(0, length - POINTS_SEEN);
  return Array.from({ length: length - from }, (_, index) => ({
    steps: steps[from + index]!,
    elapsed: wallTimes[from + index]! - start,
    start,
    hasValues: true,
  })).filter((line) => line.steps > beyond);
}

/** How long the log has gone on with the step that it ends with. */
function secondsAtStep(lines: readonly StateLine[]): number {
  const last = lines.at(-1)!;
  return last.elapsed - lines.find(({ steps }) => steps === last.steps)!.elapsed;
}

function usualInterval(lines: readonly StateLine[]): number {
  const intervals = lines.slice(1).map(({ elapsed }, index) => elapsed - lines[index]!.elapsed);
  return intervals.length === 0 ? 0 : median(intervals);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
