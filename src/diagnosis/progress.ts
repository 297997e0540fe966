import { isTrackersLine } from './trackers.ts';

/** A place in a training that a line names: the step, the epoch, the position of a bar. */
export interface Position {
  /** What is counted: a word, or the bar's total. */
  counter: string;
  value: number;
}

const COUNTER =
  /\b(step|epoch|iter|iteration|batch|update|episode)s?\b(?:\(train\))?['"\]]?[\s=:#[(]{0,4}(\d[\d,]*(?:\.\d+)?)(?![\d.]*\s?(?:[KMG]i?B|%))/gi;
/** `2801/30000 [02:17<21:10`, `[5850/32025]`, and an epoch at the beginning of a table's line. */
const PLACES = [/(?:^|[\s|])(\d+)\/(\d+) \[/g, /\[ *(\d+)\/(\d+)\]/g, /^ *(\d+)\/(\d+) /g];
/** Where a line names its place, it does so near its beginning. */
const LINE_READ = 400;
/** After what is above them training has gone on when a counter has grown so many times. */
const GROWN = 2;

export function positionsOf(whole: string): Position[] {
  const line = whole.slice(0, LINE_READ);
  if (!/\d/.test(line) || isTrackersLine(line)) return [];
  return [
    ...[...line.matchAll(COUNTER)].map(([, word, value]) => ({
      counter: word!.toLowerCase().replace('iteration', 'iter'),
      value: Number(value!.replaceAll(',', '')),
    })),
    ...PLACES.flatMap((place) =>
      [...line.matchAll(place)].map(([, value, total]) => ({ counter: `/${total}`, value: Number(value) })),
    ),
  ];
}

/**
 * The last line after which no training is seen to advance: whatever stands above it did not end the run. A counter advances
 * beyond all that it was before, so that a bar that is drawn again or a tracker's summary is none; a new epoch begins the
 * others anew. -1 where nothing advances.
 */
export function lastAdvance(lines: readonly string[]): number {
  const reached = new Map<string, number>();
  const growths = new Map<string, number[]>();
  for (const [at, line] of lines.entries())
    for (const { counter, value } of positionsOf(line)) {
      const before = reached.get(counter);
      if (before !== undefined && value <= before) continue;
      if (before !== undefined) growths.set(counter, [...(growths.get(counter) ?? []), at].slice(-GROWN));
      if (before !== undefined && counter === 'epoch') reached.clear();
      reached.set(counter, value);
    }
  return Math.max(-1, ...[...growths.values()].filter((at) => at.length === GROWN).map(([at]) => at!));
}
