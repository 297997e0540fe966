import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SomeTimings } from '../src/app/timings.ts';
import type { Invocation, Reply } from '../src/core/adapter.ts';
import type { ChatMessage } from '../src/core/chat-store.ts';
import type { Command } from '../src/core/command.ts';
import type { ExperimentRow } from '../src/core/experiment.ts';
import type { Job } from '../src/core/job.ts';
import type { Button, Message } from '../src/core/message.ts';
import type { Person } from '../src/core/person.ts';
import { plainText } from '../src/core/plain-text.ts';
import type { QueueWith, Snapshot } from '../src/core/queue.ts';
import { createSimulatedQueue, type SimulatedQueue } from '../src/queue/simulated/index.ts';
import { enterWeb, startTestBot } from './bot.ts';
import { rowsOf } from './experiments/world.ts';
import { eventually, temporaryFolder } from './helpers.ts';

export const ADA: Person = { id: 'ada', name: 'Ada', role: 'admin' };
export const BOB: Person = { id: 'bob', name: 'Bob', role: 'operator' };
export const EVE: Person = { id: 'eve', name: 'Eve', role: 'viewer' };
export const CLAUDE: Person = { id: 'claude', name: 'Claude', role: 'agent' };

/** A part of xaxbot.yaml, as it is after parsing. */
export type Settings = { [key: string]: unknown };

export interface Said {
  text: string;
  buttons: Button[];
}

const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `base` with what `more` has instead: keys of mappings one by one, anything else whole; undefined takes a key away. */
function merged(base: Settings, more: Settings): Settings {
  const result = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const before = result[key];
    result[key] = isSettings(before) && isSettings(value) ? merged(before, value) : value;
  }
  return result;
}

/** The team's settings of a bot with people, an agent, two channels and the preset `toy`, as text. */
export function toyYaml(project: string, more: Settings = {}): string {
  const settings: Settings = {
    host: 'g1',
    watch: { defaults: false },
    kill: { grace_seconds: 0.2 },
    channels: [{ id: 'queue' }, { id: 'other', board: false }],
    people: {
      ada: { name: 'Ada', role: 'admin', unix: 'root' },
      bob: { name: 'Bob', role: 'operator' },
      eve: { name: 'Eve', role: 'viewer' },
      claude: { name: 'Claude', role: 'agent' },
    },
    presets: {
      toy: {
        description: 'a small regression',
        cwd: project,
        argv: ['python', '-m', 'examples.toy'],
        options: { learning_rate: { type: 'number', min: 0.00001, max: 1, default: 0.01 } },
      },
    },
  };
  return stringify(merged(settings, more));
}

/** The preset `toy` with a choice besides its number. */
export const WITH_OPTIMIZER: Settings = {
  presets: {
    toy: { options: { learning_rate: { min: 0 }, optimizer: { type: 'choice', choices: ['adam', 'sgd'] } } },
  },
};

/** A simulated queue without a job; a launched one takes `launchedSeconds`. */
export const toyQueue = (folder: string, launchedSeconds?: number, name = 'g1'): SimulatedQueue =>
  createSimulatedQueue({
    name,
    folder,
    script: { history: [], waiting: [], later: [] },
    seed: 1,
    clock: Date.now,
    tickMs: 20,
    ...(launchedSeconds === undefined ? {} : { launchedSeconds }),
  });

export interface ToyOptions {
  /** One that is there already: as after a restart with a queue that was reset. */
  folder?: string;
  /** What of the settings is different. */
  settings?: Settings;
  env?: NodeJS.ProcessEnv;
  /** By default the bot's own commands. */
  commands?: readonly Command[];
  timings?: SomeTimings;
  /** How long a launched run takes; 0.3 s by default. */
  launchedSeconds?: number;
  /** Stands between the bot and the queue's launcher, as one that takes longer. */
  launcher?: (launch: QueueWith<'launch'>['launch']) => QueueWith<'launch'>['launch'];
  /** What the bot is told of a job, as by a queue that a scheduler runs. */
  asTold?: (job: Job) => Job;
}

/** A queue as the bot has it, with other words for its jobs. */
function toldAs(queue: SimulatedQueue, asTold: ToyOptions['asTold']): SimulatedQueue {
  if (!asTold) return queue;
  const told = (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    jobs: new Map([...snapshot.jobs.values()].map((job) => [job.jobId, asTold(job)])),
  });
  return {
    ...queue,
    start: (onChange) =>
      queue.start((change) =>
        onChange({ ...change, snapshot: told(change.snapshot), changed: change.changed.map(asTold) }),
      ),
    snapshot: () => {
      const snapshot = queue.snapshot();
      return snapshot && told(snapshot);
    },
  };
}

/** The whole bot on a simulated queue, with the settings of `toyYaml`, and what a test asks of it and reads from it. */
export async function toyBot(options: ToyOptions = {}) {
  const { folder = temporaryFolder(), launchedSeconds = 0.3, launcher = (launch) => launch } = options;
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  let queue: SimulatedQueue | undefined;
  const start = ({ settings, env }: Pick<ToyOptions, 'settings' | 'env'>) =>
    startTestBot({
      folder,
      home: folder,
      yaml: toyYaml(project, settings),
      ...(env ? { env } : {}),
      ...(options.timings ? { timings: options.timings } : {}),
      ...(options.commands ? { commands: options.commands } : {}),
      ...(options.timings ? { timings: options.timings } : {}),
      queue() {
        queue ??= toyQueue(folder, launchedSeconds);
        return { ...toldAs(queue, options.asTold), launch: launcher(queue.launch) };
      },
    });
  let bot = await start(options);

  async function invoke(
    input: Invocation['input'],
    person: Person,
    more: Partial<Invocation>,
  ): Promise<Reply> {
    let last: Reply | undefined;
    await bot.app.handlers.invoke(
      { adapter: 'web', channel: 'queue', person, input, ...more },
      async (reply) => {
        last = reply;
      },
    );
    return last!;
  }
  const ask = (words: string, person = ADA, more: Partial<Invocation> = {}) =>
    invoke({ kind: 'text', words }, person, more);
  /** What was said there, oldest first, once all that is under way is said. */
  async function read(path: string): Promise<(Said & { id: number; replies: number })[]> {
    await bot.app.settled();
    const reader = await enterWeb(bot, 'ada');
    const { messages } = await reader.get<{ messages: ChatMessage[] }>(path);
    return messages.map(({ id, replies, message }) => ({
      id,
      replies,
      text: plainText(message),
      buttons: buttonsOf({ message }),
    }));
  }
  const channel = (id = 'queue') => read(`messages?channel=${id}&limit=200`);
  async function threadOf(isRoot: (text: string) => boolean): Promise<Said[]> {
    const root = (await channel()).find(({ text }) => isRoot(text));
    return root ? read(`thread?root=${root.id}`) : [];
  }
  const csv = (session: string) => join(folder, 'experiments', session, 'experiment_log.csv');
  /** The log on disk once it holds what the database does. */
  async function rows(session: string): Promise<Map<string, ExperimentRow>> {
    await bot.app.settled();
    return rowsOf(csv(session));
  }

  async function enqueue(seconds: number, settings: Record<string, string> = {}): Promise<Job> {
    const job = queue!.enqueue({
      taskKey: 'examples.toy.ToyRegression',
      settings,
      steps: 100,
      seconds,
      fate: 'completes',
    });
    await bot.app.settled();
    return job;
  }

  return {
    folder,
    queue: queue!,
    bot: () => bot,
    ask,
    /** The answer in words. */
    said: async (...asked: Parameters<typeof ask>) => plainText((await ask(...asked)).message),
    /** Presses a button as the platforms do: its command with its options. */
    press: ({ command, options }: Button, person = ADA, more: Partial<Invocation> = {}) =>
      invoke({ kind: 'options', command, options }, person, more),
    /** A job from a shell. */
    enqueue,
    /** The same, once it runs. */
    async running(seconds = 600): Promise<Job> {
      const job = await enqueue(seconds);
      await eventually('it runs', () => queue!.snapshot()!.jobs.get(job.jobId)?.status !== 'queued');
      await bot.app.settled();
      return job;
    },
    /** Ends every job. */
    async clear(): Promise<void> {
      for (const job of [...queue!.snapshot()!.jobs.values()].reverse()) {
        if (job.status === 'queued') await queue!.cancel(job);
        if (job.status === 'running') await queue!.kill(job, { graceMs: 10 });
      }
      await bot.app.settled();
    },
    /** How many jobs there were. */
    jobs: () => queue!.snapshot()!.jobs.size,
    ended: (jobId: string) =>
      eventually(`the end of ${jobId}`, () => queue!.snapshot()!.jobs.get(jobId)?.status === 'completed'),
    /** Once the bot knows that a job has ended. */
    heardOfEnd: (jobId: string) =>
      ask(`wait ${jobId}`, ADA, {
        patience: { usualMs: 30_000, maxMs: 30_000, gone: new AbortController().signal },
      }),
    channel,
    /** What was said in a job's thread. */
    thread: (jobId: string) => threadOf((text) => text.split('\n')[0]!.endsWith(jobId)),
    /** What was said in the thread of the session's card; without a name of the only one. */
    sessionThread: (name = '') => threadOf((text) => text.startsWith(`Session ${name}`)),
    /** What was begun, with what came of it. */
    audit: () =>
      bot.app.parts.db
        .prepare(
          `SELECT a.person, a.command, coalesce(o.event, a.event) AS outcome, a.approved_by
           FROM audit a LEFT JOIN audit o ON o.attempt = a.id WHERE a.event = 'begun' ORDER BY a.id`,
        )
        .all() as { person: string; command: string; outcome: string; approved_by: string | null }[],
    csv,
    text: (session: string) => readFileSync(csv(session), 'utf8'),
    rows,
    row: async (session: string, id: string) => (await rows(session)).get(id),
    /** As after a restart, with other settings perhaps. */
    async restart(again: Pick<ToyOptions, 'settings' | 'env'> = options): Promise<void> {
      await bot.app.stop();
      bot = await start(again);
    },
    stop: () => bot.app.stop(),
  };
}

export type ToyBot = Awaited<ReturnType<typeof toyBot>>;

export const words = ({ message }: Reply): string => plainText(message);

export function buttonsOf({ message }: { message: Message }): Button[] {
  return message.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
}
