import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type RawJob, rawJob, rawState, stateText, writeStateFile } from '../queue/xax/helpers.ts';
import { type Bot, readerOf, type Told } from './told.ts';

const NOW = Math.floor(Date.now() / 1000);
/** Numbers begun anew are of jobs that were queued later. */
const later = (index: number, more: RawJob = {}) => rawJob(index, { enqueued_at: NOW + index, ...more });
const earlier = (index: number, more: RawJob = {}) =>
  rawJob(index, { enqueued_at: NOW - 10_000 + index, ...more });
const ENDED = { status: 'completed', started_at: NOW - 5_000, ended_at: NOW - 4_000, return_code: 0 };
const RUNS = { status: 'running', started_at: NOW - 600, pid: 2 ** 22 + 7, process_group_id: 2 ** 22 + 7 };

/** Two have ended, one runs, two wait; a third was queued since the backup was made. */
const BEFORE = rawState(
  [earlier(1, ENDED), earlier(2, ENDED), earlier(3, RUNS), earlier(4), earlier(5), earlier(6)],
  { running_job_id: 'job-0000003', queue: ['job-0000004', 'job-0000005', 'job-0000006'] },
);
const BACKUP = rawState([earlier(1, ENDED), earlier(2, ENDED), earlier(3, RUNS), earlier(4), earlier(5)], {
  running_job_id: 'job-0000003',
  queue: ['job-0000004', 'job-0000005'],
});

let bot: Bot | undefined;
let read: () => Promise<Told>;
afterEach(async () => {
  await bot?.app.stop();
  bot = undefined;
});

/** A bot that has seen a queue come to be as it was before; its home and ways to change that. */
async function watched() {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  mkdirSync(home);
  writeStateFile(home, stateText(rawState([])));
  await start();
  const write = (state: unknown) => writeStateFile(home, stateText(state));
  const shows = async (what: string, holds: (told: Told) => boolean): Promise<Told> => {
    let told: Told | undefined;
    await eventually(what, async () => {
      told = await read();
      return holds(told);
    });
    return told!;
  };
  write(BEFORE);
  await shows('the queue', ({ threads }) => Object.keys(threads).length === 6);
  return {
    home,
    write,
    shows,
    lose: () => rmSync(join(home, 'queue_state.json')),
    stop: async () => {
      await bot!.app.stop();
      bot = undefined;
    },
    start,
  };

  async function start(): Promise<void> {
    bot = await startTestBot({ folder, home });
    read = await readerOf(bot);
  }
}

const aboutState = ({ channel }: Told) => channel.filter((text) => text.includes("queue's state file"));
const last = ({ threads }: Told, jobId: string) => threads[jobId]!.at(-1)!;

/** The bot has seen that the file is not there. */
const missed = () =>
  eventually('missed', () => bot!.app.health().some(({ name, ok }) => name === 'queue' && !ok));

describe('a state file that was deleted', () => {
  it.each(['while the bot watches', 'while the bot is away'])(
    'and begun anew %s is told as that, with what vanished with it',
    async (when) => {
      const world = await watched();
      if (when.includes('away')) await world.stop();
      world.lose();
      if (!when.includes('away')) await missed();
      world.write(rawState([later(1)], { queue: ['job-0000001'] }));
      if (when.includes('away')) await world.start();
      const told = await world.shows('it', (each) => aboutState(each).length > 0);
      expect(aboutState(told)).toEqual([
        "The queue's state file was reset: it was deleted, and xax numbers jobs from 1 again." +
          ' 6 jobs are no longer in it: job-0000003 was running and may still be; job-0000004, job-0000005, job-0000006 were waiting;' +
          ' 2 had ended. What is known of them stays here and in the experiment log.',
      ]);
      expect(last(told, 'job-0000003')).toMatch(
        /^job-\d+ gone: the queue's state file was reset, without it \(it was running, and may still be running\)/,
      );
      expect(last(told, 'job-0000004')).toMatch(/was reset, without it \(it was queued\)/);
      // What had ended stays as it was; the number has another job by now.
      expect(last(told, 'job-0000002')).not.toContain('Gone');
      expect(told.threads['job-0000001']!.at(-1)).toMatch(/^job-\d+ queued/);
      expect(told.channel.join('\n')).not.toContain('While I was away');
      // What is gone neither waits nor takes hours: those that count are of the two that had ended.
      expect((await bot!.ask('session')).data).toMatchObject({
        spent: { waiting: 1, gpuHours: expect.closeTo(2_000 / 3_600, 3) },
      });
    },
  );

  it('and is back a moment later is nothing to tell of', async () => {
    const world = await watched();
    renameSync(join(world.home, 'queue_state.json'), join(world.home, 'aside'));
    await missed();
    renameSync(join(world.home, 'aside'), join(world.home, 'queue_state.json'));
    await eventually('back', () => bot!.app.health().some(({ name, ok }) => name === 'queue' && ok));
    const told = await read();
    expect([aboutState(told), JSON.stringify(told).includes('Gone')]).toEqual([[], false]);
  });

  it('is missed, and no job is given up, when the bot starts before it is back', async () => {
    const world = await watched();
    await world.stop();
    renameSync(join(world.home, 'queue_state.json'), join(world.home, 'aside'));
    await world.start();
    expect(JSON.stringify((await bot!.ask('status')).message)).toContain('its state file is missing');
    renameSync(join(world.home, 'aside'), join(world.home, 'queue_state.json'));
    await eventually('back', async () =>
      JSON.stringify((await bot!.ask('status')).message).includes('waiting'),
    );
    const told = await read();
    expect([aboutState(told), JSON.stringify(told).includes('Gone')]).toEqual([[], false]);
  });

  it('with the whole folder is missed the same, and told when xax begins anew there', async () => {
    const world = await watched();
    renameSync(world.home, `${world.home}-lost`);
    await missed();
    expect(aboutState(await read())).toEqual([]);
    mkdirSync(world.home);
    world.write(rawState([]));
    const told = await world.shows('it', (each) => aboutState(each).length > 0);
    expect(aboutState(told)[0]).toContain('6 jobs are no longer in it');
  });

  it('and put back after all brings its jobs back', async () => {
    const world = await watched();
    world.lose();
    await missed();
    world.write(rawState([]));
    await world.shows('begun anew', (each) => aboutState(each).length > 0);
    world.write(BEFORE);
    const told = await world.shows('put back', (each) => aboutState(each).length > 1);
    expect(aboutState(told)[1]).toContain('replaced by an earlier version');
    expect(aboutState(told)[1]).toContain('6 jobs are in it again');
    expect(last(told, 'job-0000004')).toMatch(/^job-\d+ back: it is in the queue's state file again/);
  });
});

it.each(['while the bot watches', 'while the bot is away'])(
  'an older state file that was put back %s is told as that',
  async (when) => {
    const world = await watched();
    if (when.includes('away')) await world.stop();
    world.write(BACKUP);
    if (when.includes('away')) await world.start();
    const told = await world.shows('it', (each) => aboutState(each).length > 0);
    expect(aboutState(told)).toEqual([
      "The queue's state file was replaced by an earlier version: jobs are as they were before." +
        ' 1 job is no longer in it: job-0000006 was waiting. What is known of them stays here and in the experiment log.',
    ]);
    expect(last(told, 'job-0000006')).toMatch(/replaced by an earlier version without it \(it was queued\)/);
    expect(last(told, 'job-0000005')).not.toContain('Gone');
  },
);

it('an older state file in which no job is missing is told as that, and an end that it takes back is not told as a start', async () => {
  const world = await watched();
  const runs = { ...RUNS, started_at: ENDED.started_at };
  world.write({
    ...BEFORE,
    jobs: { ...BEFORE.jobs, ...Object.fromEntries([earlier(2, runs), earlier(3)]) },
    running_job_id: 'job-0000002',
    queue: ['job-0000003', ...BEFORE.queue],
  });
  const told = await world.shows('it', (each) => aboutState(each).length > 0);
  expect(aboutState(told)).toEqual([
    "The queue's state file was replaced by an earlier version: jobs are as they were before.",
  ]);
  expect(last(told, 'job-0000002')).toMatch(
    /^job-\d+ set back to running, from completed: the queue's state file was replaced by an earlier version/,
  );
});

it('a record that somebody took out is told in its own thread, and the file is what it was', async () => {
  const world = await watched();
  const { 'job-0000005': _, ...jobs } = BEFORE.jobs;
  world.write({ ...BEFORE, jobs, queue: ['job-0000004', 'job-0000006'] });
  const told = await world.shows('it', (each) => last(each, 'job-0000005').includes(' gone'));
  expect(last(told, 'job-0000005')).toMatch(/^job-\d+ gone: it is no longer in the queue \(it was queued\)/);
  expect(aboutState(told)).toEqual([]);
});

it('much at once is not told as if nobody had watched', async () => {
  const world = await watched();
  const many = Array.from({ length: 40 }, (_, index) => earlier(index + 7));
  const order = many.map(([id]) => id);
  world.write({
    ...BEFORE,
    jobs: { ...BEFORE.jobs, ...Object.fromEntries(many) },
    next_job_idx: 47,
    queue: [...BEFORE.queue, ...order],
  });
  const told = await world.shows('it', ({ channel }) =>
    channel.some((text) => text.startsWith('Many changes at once')),
  );
  expect(told.channel.find((text) => text.startsWith('Many changes at once'))).toContain(
    '15 more jobs changed',
  );
  expect(told.channel.join('\n')).not.toContain('While I was away');
});
