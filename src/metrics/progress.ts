import type { Progress } from '../core/metrics.ts';
import type { RunFiles } from '../core/queue.ts';

/** xax writes a line a second (json logger of 0.4.9); this many bytes hold the last minutes. */
const TAIL_BYTES = 64 * 1024;
/**
 * Without a new step for so long, and for so many times what usually lies between two lines, a run is silent: what
 * it did before tells nothing of its rate any more. Seconds.
 */
const SILENT_SECONDS = 60;
const SILENT_INTERVALS = 10;
/** What is read where the last lines are longer than that. */
const LONG_TAIL_BYTES = 2 * 1024 * 1024;
const LOG_PATH = 'json/log.jsonl';
/** The part of the recent lines that the rate's spread is taken over. */
const RATE_WINDOWS = 5;

interface StateLine {
  steps: number;
  elapsed: number;
}

/**
 * How far the run is, by the last lines of its JSON log; null when it has logged no step yet. `now` in epoch
 * milliseconds: of a run that went silent the step is known and for how long, and neither rate nor time left.
 */
export async function readProgress(
  files: RunFiles,
  maxSteps: number | null,
  now: number,
): Promise<Progress | null> {
  const found = await files.stat(LOG_PATH);
  if (!found || found.size === 0) return null;
  let lines = await lastLines(files, found.size, TAIL_BYTES);
  if (lines.length === 0) lines = await lastLines(files, found.size, LONG_TAIL_BYTES);
  const last = lines.at(-1);
  if (!last) return null;
  const sinceStep = (now - found.mtimeMs) / 1_000 + secondsAtStep(lines);
  const isSilent = sinceStep > Math.max(SILENT_SECONDS, SILENT_INTERVALS * usualInterval(lines));
  const rates = isSilent ? [] : recentRates(lines);
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

async function lastLines(files: RunFiles, size: number, bytes: number): Promise<StateLine[]> {
  const start = Math.max(0, size - bytes);
  const text = (await files.read(LOG_PATH, start, size)).toString('utf8');
  return stateLines(start === 0 ? text : text.slice(text.indexOf('\n') + 1));
}

/** Lines that hold a step and a time; a half-written or foreign line is passed over. */
function stateLines(text: string): StateLine[] {
  const lines: StateLine[] = [];
  for (const line of text.split('\n')) {
    try {
      const { state } = JSON.parse(line) as { state?: { num_steps?: unknown; elapsed_time_s?: unknown } };
      if (typeof state?.num_steps !== 'number' || typeof state.elapsed_time_s !== 'number') continue;
      const previous = lines.at(-1);
      if (previous && state.num_steps < previous.steps) lines.length = 0;
      lines.push({ steps: state.num_steps, elapsed: state.elapsed_time_s });
    } catch {}
  }
  return lines;
}

/** Steps a second over equal parts of the recent lines. */
function recentRates(lines: readonly StateLine[]): number[] {
  const rates: number[] = [];
  const width = Math.max(1, Math.floor((lines.length - 1) / RATE_WINDOWS));
  for (let end = lines.length - 1; end - width >= 0 && rates.length < RATE_WINDOWS; end -= width) {
    const steps = lines[end]!.steps - lines[end - width]!.steps;
    const seconds = lines[end]!.elapsed - lines[end - width]!.elapsed;
    if (steps > 0 && seconds > 0) rates.push(steps / seconds);
  }
  return rates;
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
