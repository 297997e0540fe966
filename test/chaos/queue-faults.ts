import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';
import { wordOf } from './account.ts';
import { type Held, heldByWeb } from './chats.ts';
import { createScriptedQueue, type JournalEntry, type Setback } from './scripted-queue.ts';

type Told = JournalEntry | Setback;

/** The first word of what is said of each. */
const WORDS: Record<Exclude<Told['event'], 'moved'>, string> = {
  enqueued: 'Queued',
  started: 'Started',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  gone: 'Gone',
  back: 'Back',
  'set back': 'Set',
  'waiting again': 'Waiting',
};
/** What would tell that something happened which did not. */
const NEVER = ['Marked'];
const HOUR_MS = 3_600_000;

/** What goes wrong with a queue's files, by name. */
export const FAULTS = [
  'torn',
  'empty',
  'no state',
  'deleted',
  'a folder in its place',
  'older',
  'numbered anew',
  'clock set back',
  'observer dead',
  'bot away',
] as const;
export type QueueFault = (typeof FAULTS)[number];

/** One day of faults in a random order: resolves to where what was told differs from what happened. */
export async function dayOfFaults(seed: number): Promise<{ wrong: string[]; transitions: number }> {
  const random = seededRandom(seed);
  const folder = temporaryFolder();
  let offset = 0;
  const queue = createScriptedQueue(folder, random, () => Date.now() + offset);
  const state = join(queue.home, 'queue_state.json');
  for (let index = 0; index < 4; index += 1) queue.act();
  const empty = JSON.stringify({ jobs: {}, next_job_idx: 1, queue: [], running_job_id: null, version: 1 });
  const options = {
    folder,
    home: queue.home,
    yaml: 'watch: {defaults: false}\nchannels: [{platform: web, id: queue}]\n',
  };
  let bot = await startTestBot(options);
  const began = queue.journal.length;
  const happened: Told[] = [];
  let taken = began;
  let earlier = queue.text();

  /** The bot has seen all that the file says; what happened until then stands before what comes. */
  async function look(): Promise<void> {
    await bot.queue.refresh();
    await bot.app.settled();
    happened.push(...queue.journal.slice(taken));
    taken = queue.journal.length;
  }

  async function fail(fault: QueueFault): Promise<void> {
    const text = queue.text();
    switch (fault) {
      case 'torn':
        truncateSync(state, Math.floor(random() * text.length));
        return look();
      case 'empty':
        truncateSync(state, 0);
        return look();
      case 'no state':
        writeFileSync(state, ['null', '[]', '{"version": 1}', '\0\0\0'][Math.floor(random() * 4)]!);
        return look();
      case 'deleted':
        rmSync(state);
        return look();
      case 'a folder in its place':
        renameSync(state, `${state}.aside`);
        mkdirSync(state);
        await look();
        return rmSync(state, { recursive: true });
      case 'older':
        happened.push(...queue.restore(earlier));
        return look();
      case 'numbered anew':
        happened.push(...queue.restore(empty));
        // Nothing tells a file without jobs from one that is on its way, until the first job is in it.
        queue.act();
        return look();
      case 'clock set back':
        offset -= HOUR_MS;
        return undefined;
      case 'observer dead':
        rmSync(join(queue.home, 'queue_observer.json'), { force: true });
        return look();
      case 'bot away': {
        await bot.app.stop();
        for (let index = 0; index < 3; index += 1) queue.act();
        bot = await startTestBot(options);
        return look();
      }
    }
  }

  try {
    for (const fault of [...FAULTS, ...FAULTS].sort(() => random() - 0.5)) {
      await look();
      if (random() < 0.3) earlier = queue.text();
      await fail(fault);
      const acts = Math.floor(random() * 4);
      for (let index = 0; index < acts; index += 1) {
        queue.act();
        if (random() < 0.5) await look();
      }
      queue.write();
    }
    await look();
    while (bot.app.waiting() > 0) await bot.app.settled();
    const wrong = differencesOf(await heldByWeb(bot), happened);
    return { wrong: wrong.map((text) => `seed ${seed}: ${text}`), transitions: happened.length };
  } finally {
    await bot.app.stop();
  }
}

/** Where the threads differ from what happened, job by job: of several with one number in the order in which they came. */
export function differencesOf(held: Held, happened: readonly Told[]): string[] {
  const found: string[] = [];
  const threads = Map.groupBy(
    held.flatMap(({ text, thread }) => {
      const jobId = /^ToyRegression (job-\d+)/.exec(text)?.[1];
      return jobId === undefined ? [] : [{ jobId, thread }];
    }),
    ({ jobId }) => jobId,
  );
  const jobs = Map.groupBy(
    happened.filter(({ event }) => event !== 'moved'),
    ({ jobId, enqueuedAt }) => `${jobId}@${enqueuedAt}`,
  );
  const numbers = Map.groupBy(jobs.values(), ([first]) => first!.jobId);
  for (const [jobId, each] of numbers) {
    const told = threads.get(jobId) ?? [];
    const lines = told.map(({ thread }) =>
      thread
        .map((line) => wordOf(line, jobId))
        .filter((word) => [...Object.values(WORDS), ...NEVER].includes(word))
        .join(' '),
    );
    const expected = each.map((events) =>
      events.map(({ event }) => WORDS[event as Exclude<Told['event'], 'moved'>]).join(' '),
    );
    if (lines.sort().join('; ') !== expected.sort().join('; '))
      found.push(`${jobId}: "${expected.join('; ')}" happened, and "${lines.join('; ')}" was told`);
  }
  for (const jobId of threads.keys())
    if (!happened.some((each) => each.jobId === jobId)) found.push(`${jobId} was told of for nothing`);
  return found;
}
