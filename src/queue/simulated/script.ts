/** How a job goes on its own. `gets stuck`: it stays alive, logs nothing more, and ignores SIGTERM, maybe for ever. */
export type Fate = 'completes' | 'fails' | 'runs out of memory' | 'gets stuck';

/** A job of a script. */
export interface ScriptedJob {
  taskKey: string;
  /** What it was launched with, as scalars of YAML 1.1; the learning rate shapes its loss curve. */
  settings: Readonly<Record<string, string>>;
  steps: number;
  /** How long the whole run takes when nothing goes wrong, seconds. */
  seconds: number;
  fate: Fate;
  /** How long a job stays stuck before it gives up by itself; forever by default. Seconds. */
  stuckSeconds?: number;
  ignoresSigterm?: boolean;
  /**
   * What it does once it starts, in the place of a simulated training: where it writes, and what, is its own. It ends with
   * that, whatever `seconds` says, as failed where that rejects.
   */
  train?: (run: { runDir: string; log: string }) => Promise<void>;
}

/** The part of its run that a job gets through before its fate meets it. */
export function partOfRun(fate: Fate): number {
  return fate === 'completes' ? 1 : 0.6;
}

/** A day in the life of a queue: what had ended before, and what runs and waits when it begins. */
export interface Script {
  /** Ended jobs, first first; `minutesAgo` is when each ended. */
  history: readonly (ScriptedJob & { minutesAgo: number })[];
  /** A job that is in the middle of its run; `part` is how much of it is done, from 0 to 1. */
  running?: ScriptedJob & { part: number };
  waiting: readonly ScriptedJob[];
  /** Jobs that come by themselves, so that the queue never stays empty; seconds after the start. */
  later: readonly (ScriptedJob & { afterSeconds: number })[];
  /** Then, whenever little waits, one of these after the other, each with a learning rate near its own; for ever. */
  endless?: readonly ScriptedJob[];
}

const TOY = 'examples.toy.ToyRegression';
const GPT = 'lm.pretrain.SmallGPT';
const VIT = 'vision.classify.TinyViT';
/** Takes hours; none of it runs while somebody watches. */
const BASE_GPT = 'lm.pretrain.BaseGPT';
/** Steps a simulated run takes in a second. */
const STEPS_PER_SECOND = 40;

/** Long enough to be seen as silent, and to be killed by whoever tries; short enough for the loop to go on. */
const DEMO_STUCK_SECONDS = 150;

function job(taskKey: string, seconds: number, fate: Fate, settings: Record<string, string>): ScriptedJob {
  return { taskKey, settings, steps: seconds * STEPS_PER_SECOND, seconds, fate };
}

/** A day on which nothing comes by itself. */
export const EMPTY_DAY: Script = { history: [], waiting: [], later: [] };

/** The day that the demo plays: one of everything within five minutes. */
export const DEMO_DAY: Script = {
  history: [
    { ...job(TOY, 60, 'completes', { learning_rate: '0.01' }), minutesAgo: 412 },
    { ...job(TOY, 60, 'completes', { learning_rate: '0.03' }), minutesAgo: 391 },
    { ...job(TOY, 40, 'fails', { learning_rate: '0.3' }), minutesAgo: 380 },
    { ...job(GPT, 110, 'completes', { learning_rate: '0.001', hidden_dim: '256' }), minutesAgo: 330 },
    {
      ...job(GPT, 30, 'runs out of memory', { learning_rate: '0.001', hidden_dim: '2048' }),
      minutesAgo: 318,
    },
    { ...job(VIT, 80, 'completes', { learning_rate: '0.002' }), minutesAgo: 262 },
    { ...job(TOY, 60, 'completes', { learning_rate: '0.005' }), minutesAgo: 205 },
    { ...job(VIT, 80, 'completes', { learning_rate: '0.0005' }), minutesAgo: 171 },
    { ...job(GPT, 110, 'completes', { learning_rate: '0.003', hidden_dim: '256' }), minutesAgo: 120 },
    { ...job(GPT, 110, 'completes', { learning_rate: '0.006', hidden_dim: '256' }), minutesAgo: 74 },
    { ...job(TOY, 60, 'completes', { learning_rate: '0.006' }), minutesAgo: 33 },
    { ...job(VIT, 80, 'completes', { learning_rate: '0.004' }), minutesAgo: 9 },
  ],
  running: { ...job(TOY, 60, 'completes', { learning_rate: '0.004' }), part: 0.4 },
  waiting: [
    job(GPT, 30, 'runs out of memory', { learning_rate: '0.003', hidden_dim: '4096' }),
    job(VIT, 60, 'completes', { learning_rate: '0.001' }),
    job(TOY, 30, 'fails', { learning_rate: '0.5' }),
  ],
  later: [
    {
      ...job(GPT, 40, 'gets stuck', { learning_rate: '0.002', hidden_dim: '512' }),
      stuckSeconds: DEMO_STUCK_SECONDS,
      afterSeconds: 20,
    },
    { ...job(TOY, 60, 'completes', { learning_rate: '0.008' }), afterSeconds: 75 },
    { ...job(VIT, 90, 'completes', { learning_rate: '0.0015' }), afterSeconds: 150 },
  ],
};

/** A run of hours that ended so many days before. */
function longJob(daysAgo: number, hours: number, fate: Fate, learning_rate: string, hidden_dim = '768') {
  return {
    ...job(BASE_GPT, hours * 3_600, fate, { learning_rate, hidden_dim }),
    minutesAgo: daysAgo * 24 * 60,
  };
}

/** What the days before the demo's had, one without any. */
const WEEK: Script['history'] = [
  longJob(6.1, 7, 'completes', '0.001'),
  longJob(5.3, 8, 'completes', '0.002'),
  longJob(5, 4, 'fails', '0.2'),
  longJob(4.2, 11, 'completes', '0.003'),
  longJob(3.7, 1, 'runs out of memory', '0.003', '8192'),
  longJob(2.1, 9, 'completes', '0.008'),
  longJob(1.2, 13, 'completes', '0.006'),
  longJob(0.4, 10, 'completes', '0.005'),
];

/** The same day after its week, which goes on for as long as somebody watches, with runs that are long enough to watch. */
export const ENDLESS_DAY: Script = {
  ...DEMO_DAY,
  history: [...WEEK, ...DEMO_DAY.history],
  endless: [
    job(GPT, 300, 'completes', { learning_rate: '0.003', hidden_dim: '256' }),
    job(TOY, 150, 'completes', { learning_rate: '0.005' }),
    job(VIT, 240, 'completes', { learning_rate: '0.002' }),
    job(TOY, 120, 'fails', { learning_rate: '0.4' }),
    job(GPT, 360, 'completes', { learning_rate: '0.002', hidden_dim: '512' }),
    job(VIT, 180, 'completes', { learning_rate: '0.001' }),
    job(GPT, 120, 'runs out of memory', { learning_rate: '0.002', hidden_dim: '4096' }),
  ],
};
