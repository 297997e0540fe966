import { type Columns, firstFrom } from './columns.ts';
import type { WrittenFile } from './writer-process.ts';

/** What a file holds of a pass. */
export interface WrittenPart {
  columns(): ReadonlyMap<string, Pick<Columns, 'length' | 'series'>>;
  restartedAt(): number;
}

/** What was logged in one pass over the training's steps, file by file. */
export type Pass = readonly WrittenPart[];

/** xax keeps the time in a 32-bit float (core/state.py of 0.4.9), which rounds this century's to 128 s. */
const CLOCK_ROUNDING_SECONDS = 64;
/** A tag that went on this many times as far as another one counts something else, epochs beside steps. */
const SAME_COUNT = 2;

/**
 * What successive writers logged, the oldest pass first. Each process is a pass of its own, and so is a writer that a
 * process begins anew in a folder in which it has written and that begins again at an earlier step.
 */
export function passesOf<P extends WrittenPart>(
  processes: readonly (readonly WrittenFile[])[],
  reader: (path: string) => P,
): P[][] {
  return processes.flatMap((own) => {
    const passes: WrittenFile[][] = [];
    for (const file of own) {
      const current = passes.at(-1);
      const isTakenOver = (earlier: WrittenFile) =>
        earlier.folder === file.folder && beginsAgain(reader(earlier.path), reader(file.path), file.began);
      if (!current || current.some(isTakenOver)) passes.push([file]);
      else current.push(file);
    }
    return passes.map((files) => files.map(({ path }) => reader(path)));
  });
}

/**
 * Whether the later of two files of one process goes back in steps. Two that are written side by side do too: the
 * earlier one is then still written to after the later one was begun, and no step of a tag stands in both.
 */
function beginsAgain(earlier: WrittenPart, later: WrittenPart, began: number): boolean {
  if (Number.isFinite(later.restartedAt())) return true;
  let [isBack, goesOn, isShared] = [false, false, false];
  for (const [tag, points] of earlier.columns()) {
    const { length, steps, wallTimes } = points.series();
    if (length === 0) continue;
    if (wallTimes[length - 1]! > began + CLOCK_ROUNDING_SECONDS) goesOn = true;
    const again = later.columns().get(tag);
    if (!again || again.length() === 0) continue;
    if (again.series().steps[0]! < steps[length - 1]!) isBack = true;
    if (shares(points, again, () => true)) isShared = true;
  }
  return isBack && (isShared || !goesOn);
}

/** Whether a step stands in both for which `isSame` holds of the places at which it stands. */
export function shares(
  a: Pick<Columns, 'series'>,
  b: Pick<Columns, 'series'>,
  isSame: (atA: number, atB: number) => boolean,
): boolean {
  const [one, other] = [a.series(), b.series()];
  if (one.length === 0 || other.length === 0) return false;
  let i = firstFrom(one.steps, one.length, other.steps[0]!);
  let j = firstFrom(other.steps, other.length, one.steps[0]!);
  while (i < one.length && j < other.length) {
    const difference = one.steps[i]! - other.steps[j]!;
    if (difference === 0 && isSame(i, j)) return true;
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return false;
}

/** Of a pass: the step from which a tag's points of the passes before it give way; infinity where none does. */
export type Takeover = (tag: string) => number;

/**
 * A pass that begins again at an earlier step throws away what was logged from there on, of every tag, whether or not
 * it is logged again: from its own first step of the tag, from the step at which training was resumed, and from where
 * a SessionLog.START event says so.
 */
export function takeoversOf(passes: readonly Pass[]): Takeover[] {
  const reached = new Map<string, { first: number; last: number }>();
  return passes.map((pass) => {
    const before = new Map(reached);
    const resumed = resumedAt(pass, before);
    const firsts = new Map<string, number>();
    for (const [tag, points] of pass.flatMap((file) => [...file.columns()])) {
      const { length, steps } = points.series();
      if (length === 0) continue;
      const [first, last] = [steps[0]!, steps[length - 1]!];
      firsts.set(tag, Math.min(first, firsts.get(tag) ?? first));
      const known = reached.get(tag) ?? { first, last };
      reached.set(tag, { first: Math.min(known.first, first), last: Math.max(known.last, last) });
    }
    const restarted = Math.min(...pass.map((file) => file.restartedAt()));
    return (tag) => {
      const countsAlike = resumed && (before.get(tag)?.last ?? 0) <= SAME_COUNT * resumed.last;
      return Math.min(
        firsts.get(tag) ?? Number.POSITIVE_INFINITY,
        countsAlike ? resumed.step : Number.POSITIVE_INFINITY,
        restarted,
      );
    };
  });
}

/**
 * Where a pass took training up: at the first point that it logs of a tag of which there were several steps before. A
 * tag of a single step, as a run's hyperparameters are logged at each start, tells nothing.
 */
function resumedAt(
  pass: Pass,
  before: ReadonlyMap<string, { first: number; last: number }>,
): { step: number; last: number } | undefined {
  const found = pass.flatMap((file) => {
    for (const [tag, points] of file.columns()) {
      const known = before.get(tag);
      if (known && known.first < known.last && points.length() > 0)
        return [{ step: points.series().steps[0]!, last: known.last }];
    }
    return [];
  });
  return found.toSorted((a, b) => a.step - b.step)[0];
}
