import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SHIFT_SEED, type TestFunction } from './suggest-functions.ts';
import { type Optuna, startOptuna } from './suggest-optuna.ts';
import { byChance, byGrid, GOAL, NOISE, type Outcome, RUNS_MAX, searched } from './suggest-search.ts';
import { functionsOf } from './suggest-sets.ts';
import type { Task } from './suggest-worker.ts';
import { type Bench, percentile, type Row } from './table.ts';

const SET = process.env.BENCH_FUNCTIONS ?? 'report';
const SEEDS = Number(process.env.BENCH_SEEDS ?? 50);
/** Of the report; development went by lower ones. */
const FIRST_SEED = Number(process.env.BENCH_FIRST_SEED ?? 1_000);
const SHIFT = Number(process.env.BENCH_SHIFT ?? SHIFT_SEED);
/** Deviations of a mean within which it lies with 95 %, as of Student's t with 20 to 100 seeds. */
const WITHIN = 2.01;

/** Of the runs that another method needs the part that `suggest` needs: the geometric mean, and its 95 % interval. */
interface Comparison {
  part: number;
  from: number;
  to: number;
  verdict: 'ahead' | 'level' | 'behind';
}

/**
 * Runs until a suggested run's true value is near the optimum, beside random search, a grid and Optuna's own TPE, all with
 * the same beginnings, noise and budgets; and how often the advice to stop was right.
 */
export async function benchSuggest(): Promise<Bench> {
  const functions = functionsOf(SET, SHIFT);
  const [ours, others] = await Promise.all([byPolicyOn(functions), byOthersOn(functions)]);
  const rows: Row[] = [];
  const verdicts: Record<string, Comparison['verdict'][]> = {};
  for (const [index, { name, separable }] of functions.entries()) {
    const what = `${name}${separable ? '' : ' *'}`;
    const runs = ours[index]!.map((each) => each.runs);
    rows.push(row(`${what}: suggest`, percentile(runs, 0.5), 'runs'));
    for (const [method, found] of Object.entries(others.runs)) {
      const { part, from, to, verdict } = compared(runs, found[index]!);
      verdicts[method] = [...(verdicts[method] ?? []), verdict];
      rows.push(
        row(`${what}: ${method}`, percentile(found[index]!, 0.5), 'runs'),
        row(`    suggest needs of these (${from.toFixed(2)} to ${to.toFixed(2)}): ${verdict}`, part, 'times'),
      );
    }
  }
  for (const [method, all] of Object.entries(verdicts)) {
    const count = (verdict: Comparison['verdict']) => all.filter((each) => each === verdict).length;
    const words = `${count('ahead')} ahead, ${count('level')} level, ${count('behind')} behind`;
    rows.push(row(`against ${method}: ${words}`, count('ahead') + count('level'), `of ${all.length}`));
  }
  if (others.problem !== null) rows.push(row(`Optuna was not run: ${others.problem}`, Number.NaN, ''));
  for (const [index, { name }] of functions.entries()) rows.push(...adviceRows(name, ours[index]!));
  rows.push(...adviceRows('all functions', ours.flat()));
  return {
    name: `Suggestions: runs to within ${GOAL * 100} % of the optimum under ${NOISE * 100} % noise, medians of ${SEEDS} seeds from ${FIRST_SEED}, ranges moved by ${SHIFT}, at most ${RUNS_MAX} (*: not separable)`,
    rows,
  };
}

function row(what: string, value: number, unit: string): Row {
  return { what, value, unit, target: null };
}

/** Advice is right where no later run within the budget gains more than the goal is wide. */
function adviceRows(name: string, outcomes: readonly Outcome[]): Row[] {
  const advice = outcomes.flatMap((each) => each.advice ?? []);
  const reached = outcomes.filter(({ runs }) => runs <= RUNS_MAX);
  const before = (at: (outcome: Outcome) => number | null | undefined) =>
    reached.filter((each) => (at(each) ?? Number.POSITIVE_INFINITY) >= each.runs).length;
  const right = advice.filter(({ isRight }) => isRight).length;
  const at = percentile(
    advice.map((each) => each.at),
    0.5,
  );
  return [
    row(
      `${name}: advice to stop right, given in ${advice.length} of ${outcomes.length} after ${at} runs`,
      (100 * right) / advice.length,
      '%',
    ),
    row(
      `    reached the goal ${reached.length}, before three in a row ${before(({ ruleAt }) => ruleAt)}, before the advice`,
      before((each) => each.advice?.at),
      '',
    ),
  ];
}

/** By the logarithms of the two methods' runs, seed by seed. Level: the interval holds 1. */
function compared(ours: readonly number[], theirs: readonly number[]): Comparison {
  const differences = ours.map((runs, seed) => Math.log(runs / theirs[seed]!));
  const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = WITHIN * Math.sqrt(squares / (differences.length - 1) / differences.length);
  const [part, from, to] = [mean, mean - error, mean + error].map(Math.exp) as [number, number, number];
  return { part, from, to, verdict: to < 1 ? 'ahead' : from > 1 ? 'behind' : 'level' };
}

const seeds = (): number[] => Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index);

async function byPolicyOn(functions: readonly TestFunction[]): Promise<Outcome[][]> {
  const found = functions.map(() => [] as Outcome[]);
  const tasks = functions.flatMap((_given, index) =>
    seeds().map((seed): Task => ({ set: SET, shift: SHIFT, index, seed })),
  );
  const threads = Array.from({ length: Math.min(tasks.length, availableParallelism()) }, async () => {
    const worker = new Worker(new URL('suggest-worker.ts', import.meta.url));
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const { index, seed } = task;
      worker.postMessage(task);
      const [outcome] = await once(worker, 'message');
      found[index]![seed - FIRST_SEED] = outcome;
    }
    await worker.terminate();
  });
  await Promise.all(threads);
  return found;
}

/** What the other methods came to, by their names and the functions' order. */
async function byOthersOn(
  functions: readonly TestFunction[],
): Promise<{ runs: Record<string, number[][]>; problem: string | null }> {
  const runs: Record<string, number[][]> = {};
  const over = async (name: string, create: Parameters<typeof searched>[2]) => {
    const found: number[][] = [];
    for (const given of functions) {
      const own: number[] = [];
      for (const seed of seeds()) own.push((await searched(given, seed, create, false)).runs);
      found.push(own);
    }
    runs[name] = found;
  };
  await over('random', byChance);
  await over('grid', byGrid);
  let optuna: Optuna;
  try {
    optuna = await startOptuna();
  } catch (error) {
    return { runs, problem: (error as Error).message.split('\n')[0]! };
  }
  await over(`TPE of Optuna ${optuna.version}`, optuna.search);
  optuna.stop();
  return { runs, problem: null };
}
