import { before, here, type Side } from './measure.ts';
import { alertmanager } from './peers/alertmanager.ts';
import { resident } from './rows/memory.ts';
import { rewriting } from './rows/rewriting.ts';
import { asInstalled, terminal, throughNpm } from './rows/terminal.ts';
import { transition } from './rows/transition.ts';

interface Row {
  /** What `--only` calls it. */
  name: string;
  what: string;
  unit: string;
}

/** Something measured in pairs with what stands beside it, or alone. */
export interface Comparison extends Row {
  measured: Side;
  beside?: Side;
  /** Of the ratio where something stands beside it, else of the value; null where there is no target. */
  atMost: number | null;
  /** One sample says it all: it is no time, or is the outcome of hours. */
  isOnce?: boolean;
}

/** How a cost grows with what it depends on, told as the exponent of the size. */
export interface Growth extends Row {
  sizes: readonly number[];
  of(size: number): Side;
  atMost: number | null;
}

export type Target = Comparison | Growth;

/** Targets of ratios are of a revision before the work on speed began (dd180b6), or of the program that is best at the same thing. */
export const TARGETS: readonly Target[] = [
  {
    name: 'rewriting-10k',
    what: 'CPU while xax rewrites the state twice a second, 10,000 jobs',
    unit: '%',
    measured: here(rewriting(10_000)),
    beside: before(rewriting(10_000)),
    atMost: 1 / 4,
  },
  {
    name: 'rewriting-100k',
    what: 'the same at 100,000 jobs beside 1,000',
    unit: '%',
    measured: here(rewriting(100_000)),
    beside: here(rewriting(1_000), '1,000 jobs'),
    atMost: 1.5,
  },
  ...[1_000, 10_000].flatMap((jobs): Comparison[] => [
    {
      name: `transition-${jobs / 1_000}k`,
      what: `rename to message, p50, ${jobs.toLocaleString('en-US')} jobs`,
      unit: 'ms',
      measured: here(transition(jobs)),
      beside: before(transition(jobs)),
      atMost: 1 / 2,
    },
    {
      name: `transition-${jobs / 1_000}k-alertmanager`,
      what: `the same beside an accepted alert to its webhook (group_wait 0)`,
      unit: 'ms',
      measured: here(transition(jobs)),
      beside: alertmanager,
      atMost: 6,
    },
  ]),
  {
    name: 'memory-1k',
    what: 'resident memory, web chat alone, 1,000 jobs, settled',
    unit: 'MB',
    measured: here(resident(1_000)),
    beside: before(resident(1_000)),
    atMost: 0.75,
  },
  {
    name: 'memory-10k',
    what: 'the same at 10,000 jobs beside 1,000',
    unit: 'MB',
    measured: here(resident(10_000)),
    beside: here(resident(1_000), '1,000 jobs'),
    atMost: 1.15,
  },
  {
    name: 'terminal',
    what: 'a terminal command through the running bot, beside the revision through npm',
    unit: 'ms',
    measured: here(terminal(asInstalled)),
    beside: before(terminal(throughNpm), 'revision, npm run'),
    atMost: 1 / 4,
  },
];
