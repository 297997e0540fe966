import { before, here, type Side } from './measure.ts';
import { alertmanager } from './peers/alertmanager.ts';
import { dataServer, pythonReader } from './peers/tensorboard.ts';
import { xaxMetrics } from './peers/xax-metrics.ts';
import { firstAnswers } from './rows/first-answers.ts';
import { dayOfJobs, watchedRun } from './rows/hours.ts';
import { installed } from './rows/installed.ts';
import { resident } from './rows/memory.ts';
import { oneMore } from './rows/one-more.ts';
import { shown, usable } from './rows/page.ts';
import { reading } from './rows/reading.ts';
import { ready } from './rows/ready.ts';
import { rewriting } from './rows/rewriting.ts';
import { asInstalled, terminal, throughNpm } from './rows/terminal.ts';
import { transition } from './rows/transition.ts';
import { year } from './rows/year.ts';

/** 81,090 s: 8,109 points in each of 16 tags, one in ten seconds. */
const DAY_S = 81_090;
const WEEK_S = 7 * 86_400;
/** So many tags make 1.8 million points of a week. */
const WEEK_TAGS = 30;
/** Of what is not to grow at all, an exponent as large as the target of 1.5 x from 1,000 to 100,000 jobs. */
const FLAT = Math.log(1.5) / Math.log(100);
/** Of what reads each point once: as fast as their number, and what measuring adds. */
const LINEAR = 1.05;
/** Of what is there at the start, an hour: what pages that come and go look like. */
const LEVEL = 0.001;

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
  ...(['slope', 'grown'] as const).flatMap((what): Comparison[] => {
    const words = {
      slope: 'rise of the last 12 h, of the start an hour',
      grown: 'memory at the end, of the start',
    };
    const rest = {
      unit: what === 'slope' ? 'parts' : 'x',
      atMost: what === 'slope' ? LEVEL : 1.1,
      isOnce: true,
    };
    return [
      {
        name: `day-${what}`,
        what: `24 hours with 2,000 jobs: ${words[what]}`,
        measured: here(dayOfJobs(what)),
        ...rest,
      },
      {
        name: `run-${what}`,
        what: `a 24-h run watched: ${words[what]}`,
        measured: here(watchedRun(what)),
        ...rest,
      },
    ];
  }),
  ...(
    [
      ['checksum', dataServer(DAY_S, '--checksum'), 0.8],
      ['no-checksum', dataServer(DAY_S), 1],
      ['python', pythonReader(DAY_S), 1 / 20],
      ['xax', xaxMetrics(DAY_S), 1 / 60],
      ['revision', before(reading(DAY_S)), null],
    ] as const
  ).map(([name, beside, atMost]) => ({
    name: `read-${name}`,
    what: 'a 24-h run cold, all points with checksums, asked in the chat',
    unit: 'ms',
    measured: here(reading(DAY_S)),
    beside,
    atMost,
  })),
  {
    name: 'one-more',
    what: 'one point more in each of 16 tags of a 24-h run',
    unit: 'ms',
    measured: here(oneMore(DAY_S)),
    beside: before(oneMore(DAY_S)),
    atMost: 1 / 3,
  },
  {
    name: 'week-held',
    what: "a week's run of 1.8 million points, cold: others wait at most",
    unit: 'ms',
    measured: here(reading(WEEK_S, { tags: WEEK_TAGS, what: 'heldMs' })),
    atMost: 20,
  },
  {
    name: 'week-memory',
    what: 'the same: memory above the base',
    unit: 'MB',
    measured: here(reading(WEEK_S, { tags: WEEK_TAGS, what: 'aboveMb' })),
    atMost: 40,
  },
  {
    name: 'ready',
    what: 'ready with 10,000 jobs and 50,000 experiments',
    unit: 'ms',
    measured: here(ready(10_000, 50_000)),
    beside: before(ready(10_000, 50_000)),
    atMost: 1 / 2,
  },
  {
    name: 'terminal',
    what: 'a terminal command through the running bot, beside the revision through npm',
    unit: 'ms',
    measured: here(terminal(asInstalled)),
    beside: before(terminal(throughNpm), 'revision, npm run'),
    atMost: 1 / 4,
  },
  {
    name: 'first-answers',
    what: 'first answer to a command while charts are drawn and 50,000 rows are merged, p99',
    unit: 'ms',
    measured: here(firstAnswers),
    atMost: 300,
    isOnce: true,
  },
  {
    name: 'page-usable',
    what: 'a page with 5,000 messages usable',
    unit: 'ms',
    measured: here(usable),
    atMost: 150,
  },
  { name: 'page-shown', what: 'a new message shown in it', unit: 'ms', measured: here(shown), atMost: 30 },
  {
    name: 'installed',
    what: 'the installed package without development, on disk',
    unit: 'MB',
    measured: here(installed),
    beside: before(installed),
    atMost: 1 / 2,
    isOnce: true,
  },
  {
    name: 'rewriting-grows',
    what: 'CPU while the state is rewritten twice a second, by jobs',
    unit: '%',
    sizes: [1_000, 10_000, 100_000],
    of: (jobs) => here(rewriting(jobs)),
    atMost: FLAT,
  },
  {
    name: 'transition-grows',
    what: 'rename to message, p50, by jobs',
    unit: 'ms',
    sizes: [1_000, 10_000, 100_000],
    of: (jobs) => here(transition(jobs)),
    atMost: FLAT,
  },
  {
    name: 'read-grows',
    what: 'reading a run cold, by days of points',
    unit: 'ms',
    sizes: [1, 7, 30],
    of: (days) => here(reading(days * 86_400)),
    atMost: LINEAR,
  },
  {
    name: 'one-more-grows',
    what: 'one point more in each tag, by days of points',
    unit: 'ms',
    sizes: [1, 7, 30],
    of: (days) => here(oneMore(days * 86_400)),
    atMost: FLAT,
  },
  {
    name: 'ready-grows',
    what: 'ready, by rows of the experiment log',
    unit: 'ms',
    sizes: [1_000, 10_000, 50_000],
    of: (rows) => here(ready(100, rows)),
    atMost: null,
  },
  {
    name: 'year-database',
    what: 'a year of 100 jobs a day in three channels: the database',
    unit: 'MB',
    measured: here(year('mb')),
    atMost: 150,
    isOnce: true,
  },
  {
    name: 'year-commands',
    what: "the same: the processor's time of the command that has slowed down most, of that on the first day",
    unit: 'x',
    measured: here(year('slower')),
    atMost: 1.1,
    isOnce: true,
  },
];
