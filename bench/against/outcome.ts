import { loadavg } from 'node:os';
import { exponentOf } from './growth.ts';
import { type Run, Unmeasured } from './measure.ts';
import { type Compared, compare, type Spread } from './pairs.ts';
import type { Comparison, Growth, Target } from './targets.ts';

export type Verdict = 'met' | 'MISSED' | 'unmeasured' | 'no target';

/** What became of a row. */
export interface Outcome {
  name: string;
  what: string;
  /** What was measured, of this tree and of what stands beside it, in words; null where nothing was. */
  measured: string | null;
  beside: string | null;
  ratio: string | null;
  target: string;
  verdict: Verdict;
  /** Why it was not measured, or what makes it doubtful. */
  remarks: readonly string[];
  /** Of the machine while it was measured: the mean length of its run queue over a minute. */
  load: number;
}

const [PAIRS, QUICK_PAIRS] = [5, 2];

/** Measures a row. What fails while it is measured leaves it unmeasured. */
export async function measure(target: Target, run: Run, pairs: number | undefined): Promise<Outcome> {
  const about = { name: target.name, what: target.what, target: targetText(target) };
  try {
    const found = 'sizes' in target ? await grow(target, run) : await besides(target, run, pairs);
    return { ...about, ...found, load: loadavg()[0]! };
  } catch (error) {
    const why = error instanceof Unmeasured ? error.message : String(error);
    const none = { measured: null, beside: null, ratio: null, verdict: 'unmeasured' as const };
    return { ...about, ...none, remarks: [why], load: loadavg()[0]! };
  } finally {
    await Promise.allSettled([...run.running].map((each) => each.stop()));
  }
}

type Found = Omit<Outcome, 'name' | 'what' | 'target' | 'load'>;

async function besides(target: Comparison, run: Run, asked: number | undefined): Promise<Found> {
  const pairs = asked ?? (run.isQuick ? QUICK_PAIRS : PAIRS);
  const count = target.isOnce ? 1 : pairs;
  const found = await compare(run, target, count, target.isOnce ? 0 : 1);
  const value = found.ratio ?? found.measured;
  return {
    measured: `${numberText(found.measured.median)} ${target.unit}`,
    beside: besideText(target, found),
    ratio: found.ratio && spreadText(found.ratio),
    verdict: judged(value.median, target.atMost),
    remarks: found.isNoisy ? ['the spread is too large to rely on it'] : [],
  };
}

async function grow({ sizes, of, unit, atMost }: Growth, run: Run): Promise<Found> {
  const points: [number, number][] = [];
  for (const size of run.isQuick ? sizes.slice(0, 2) : sizes) {
    const { measured } = await compare(run, { measured: of(size) }, 2, 1);
    points.push([size, measured.median]);
  }
  const exponent = exponentOf(points);
  const told = points.map(
    ([size, value]) => `${numberText(value)} ${unit} at ${size.toLocaleString('en-US')}`,
  );
  return {
    measured: told.join(', '),
    beside: null,
    ratio: `exponent ${exponent.toFixed(2)}`,
    verdict: judged(exponent, atMost),
    remarks: [],
  };
}

function judged(value: number, atMost: number | null): Verdict {
  if (atMost === null) return 'no target';
  return value <= atMost ? 'met' : 'MISSED';
}

function besideText({ beside, unit }: Comparison, found: Compared): string | null {
  return beside && found.beside ? `${beside.label}: ${numberText(found.beside.median)} ${unit}` : null;
}

function targetText(target: Target): string {
  if (target.atMost === null) return '';
  const most = numberText(target.atMost);
  if ('sizes' in target) return `exponent ${most}`;
  return target.beside ? `${most} x` : `${most} ${target.unit}`;
}

const spreadText = ({ median, min, max }: Spread) =>
  `${numberText(median)} (${numberText(min)}..${numberText(max)})`;

function numberText(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
