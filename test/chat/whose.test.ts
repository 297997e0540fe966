import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { readerOf, type Told } from '../notify/told.ts';
import { ADA, BOB, CLAUDE, type ToyBot, toyBot, words } from '../toy-bot.ts';

describe('the thread of a waiting job says who', () => {
  let world: ToyBot;
  let running: Job;
  beforeAll(async () => {
    world = await toyBot({
      settings: { agents: { may_propose: ['kill'] }, people: { ada: { unix: undefined } } },
      launchedSeconds: 60,
    });
    running = await world.enqueue(600);
    await eventually('it runs', () => world.queue.snapshot()!.running.includes(running.jobId));
  });
  afterAll(async () => {
    await world.clear();
    await world.stop();
  });
  const lines = async (job: Job) => (await world.thread(job.jobId)).map(({ text }) => text);
  const waiting = async (count: number): Promise<Job[]> => {
    const jobs: Job[] = [];
    for (let index = 0; index < count; index += 1) jobs.push(await world.enqueue(600));
    return jobs;
  };
  const cancelAll = async (jobs: readonly Job[]) => {
    for (const job of jobs) await world.queue.cancel(job);
    await world.bot().app.settled();
  };

  it('cancelled or moved it, by a typed command and by a button', async () => {
    const [first, second, third] = await waiting(3);
    expect((await world.ask(`move ${third!.jobId} 1`, BOB)).ok).toBe(true);
    expect((await world.ask(`cancel ${first!.jobId}`)).ok).toBe(true);
    const cards = await world.channel();
    const cancel = cards
      .find(({ text }) => text.includes(second!.jobId) && text.includes('Waiting'))!
      .buttons.find(({ label }) => label === 'Cancel')!;
    expect((await world.press(cancel, BOB)).ok).toBe(true);
    expect(await lines(third!)).toContainEqual(
      expect.stringMatching(/^job-\d+ moved from position 3 to 1 by Bob, /),
    );
    expect(await lines(first!)).toContainEqual(
      expect.stringMatching(/^job-\d+ cancelled before it started by Ada, /),
    );
    expect(await lines(second!)).toContainEqual(
      expect.stringMatching(/^job-\d+ cancelled before it started by Bob, /),
    );
    const board = words(await world.ask('status'));
    expect(board).toMatch(new RegExp(`${second!.jobId}.*cancelled.*by Bob`));
    await cancelAll([third!]);
  });

  it('moved it, of two neighbours, whichever of them it was', async () => {
    const [first, second] = await waiting(2);
    expect((await world.ask(`move ${first!.jobId} 2`)).ok).toBe(true);
    expect(await lines(first!)).toContainEqual(
      expect.stringMatching(/^job-\d+ moved from position 1 to 2 by Ada/),
    );
    expect((await lines(second!)).join()).not.toContain('Moved');
    await cancelAll([first!, second!]);
  });

  it('is told to have done it outside chat when nobody did it here', async () => {
    const [first, second] = await waiting(2);
    await world.queue.move(second!, 1);
    await world.queue.cancel(first!);
    expect(await lines(second!)).toContainEqual(
      expect.stringMatching(/^job-\d+ moved from position 2 to 1, outside chat, /),
    );
    expect(await lines(first!)).toContainEqual(
      expect.stringMatching(/^job-\d+ cancelled before it started, outside chat, /),
    );
    await cancelAll([second!]);
  });

  it('proposed it, and who approved that', async () => {
    const [first, second] = await waiting(2);
    for (const line of [`cancel ${first!.jobId}`, `move ${second!.jobId} 1`]) {
      const { proposal } = (await world.ask(line, CLAUDE)).data as { proposal: number };
      await world.ask(`approve ${proposal}`, BOB);
    }
    expect(await lines(first!)).toContainEqual(
      expect.stringMatching(/^job-\d+ cancelled before it started by Claude, approved by Bob, /),
    );
    const { proposal } = (await world.ask(`kill ${running.jobId}`, CLAUDE)).data as { proposal: number };
    await world.ask(`approve ${proposal}`, BOB);
    expect((await lines(running)).join('\n')).toContain('killed by Claude, approved by Bob (SIGTERM)');
    await cancelAll([second!]);
  });

  it('kills it already, when another wants to', async () => {
    await world.clear();
    const plan = { taskKey: 'examples.toy.Stuck', settings: {}, steps: 10, seconds: 600 };
    const job = world.queue.enqueue({ ...plan, fate: 'completes', ignoresSigterm: true });
    await eventually('it runs', () => world.queue.snapshot()!.running.includes(job.jobId));
    await world.bot().app.settled();
    const kill = `kill ${job.jobId}`;
    const answers = await Promise.all([
      world.ask(kill, ADA, { preconfirmed: true }),
      world.ask(kill, BOB, { preconfirmed: true }),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
    expect(words(answers[1]!)).toContain('is already being killed by Ada');
    expect((await lines(job)).join('\n')).toContain('killed by Ada (SIGKILL)');
  });

  it('did it, of two who asked for the same at once', async () => {
    await world.clear();
    await world.enqueue(600);
    const [job] = await waiting(1);
    const answers = await Promise.all([
      world.ask(`cancel ${job!.jobId}`),
      world.ask(`cancel ${job!.jobId}`, BOB),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
    expect(await lines(job!)).toContainEqual(
      expect.stringMatching(/^job-\d+ cancelled before it started by Ada, /),
    );
  });

  it('did nothing where the change was refused: what the queue shows is somebody else’s', async () => {
    const [job] = await waiting(1);
    await world.queue.cancel(job!);
    expect((await world.ask(`cancel ${job!.jobId}`)).ok).toBe(false);
    expect((await lines(job!)).join('\n')).not.toContain('by Ada');
  });
});

it('a change by the terminal alone is told by the next bot as whoever’s it was', async () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  home.show('024.json');
  const yaml = 'people: {ada: {name: Ada, role: admin}}';
  const first = await startTestBot({ folder, home: home.home, yaml });
  await first.app.stop();
  const xaxbot = (...argv: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url)), ...argv], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        USER: 'ada',
        XAX_HOME: home.home,
        XAXBOT_DATA_DIR: join(folder, 'data'),
        XDG_CONFIG_HOME: folder,
        LOG_LEVEL: 'error',
      },
    });
  const before = JSON.parse(xaxbot('jobs', 'queued', '--json').stdout.toString()) as {
    data: { jobs: { jobId: string }[] };
  };
  expect(before.data.jobs.length).toBeGreaterThan(0);
  const { jobId } = before.data.jobs[0]!;
  // No xax can be had here: it is refused, and leaves no trace of whose doing the next change is.
  const refused = xaxbot('cancel', jobId);
  expect(refused.status).toBe(1);
  home.show('024.json', (text) => {
    const state = JSON.parse(text) as {
      queue: string[];
      jobs: Record<string, { status: string; ended_at: number; error: string }>;
    };
    state.queue = state.queue.filter((id) => id !== jobId);
    Object.assign(state.jobs[jobId]!, { status: 'cancelled', ended_at: Date.now() / 1000 });
    return JSON.stringify(state, null, 2);
  });
  const second = await startTestBot({ folder, home: home.home, yaml });
  try {
    const { threads } = await (await readerOf(second, 'ada'))();
    expect(threads[jobId]).toContainEqual(expect.stringContaining('outside chat'));
  } finally {
    await second.app.stop();
  }
}, 60_000);

describe('one person', () => {
  const unix = userInfo().username;
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  let home: ReturnType<typeof createRecordedHome>;
  let read: () => Promise<Told>;
  beforeAll(async () => {
    const folder = temporaryFolder();
    home = createRecordedHome(folder);
    home.show('001.json');
    const yaml = `people:
  ada: {name: Ada Lovelace, role: admin, unix: ${unix}, slack: U012AB3CD}
  bob: {name: Bob, role: operator}
channels:
  - {platform: web, id: queue, owners: [ada]}
`;
    bot = await startTestBot({ folder, home: home.home, yaml });
    read = await readerOf(bot, 'ada');
    home.show('030.json');
    await eventually('seen', async () => (await read()).threads['job-0000006'] !== undefined);
  });
  afterAll(() => bot.app.stop());

  it('has one name as the owner of jobs, of rows of the log, and where she queued them', async () => {
    const { facts, experiment } = (await bot.ask('job 6')).data as {
      facts: { job: { owner: string } };
      experiment: { owner: string };
    };
    expect([facts.job.owner, experiment.owner]).toEqual(['Ada Lovelace', 'Ada Lovelace']);
    expect((await read()).threads['job-0000006']![0]).toMatch(/^job-\d+ queued by Ada Lovelace/);
  });

  it.each(['ada', 'Ada Lovelace', 'ada lovelace', unix, 'slack:U012AB3CD'])(
    'is found among owners as %s',
    async (spelling) => {
      const found = async (line: string) => (await bot.ask(line)).data as Record<string, unknown[]>;
      const { jobs } = await found(`jobs owner="${spelling}" limit=50`);
      expect(jobs!.length).toBeGreaterThan(0);
      expect((await found(`experiment list owner="${spelling}"`)).rows!.length).toBeGreaterThan(0);
    },
  );

  it('has it too where she is written by another of her names: in rows of the log and as the owner of a session', async () => {
    const owned = async (line: string) => {
      const { data } = await bot.ask(line);
      const { row, session } = data as { row?: { owner: string }; session?: { owner: string } };
      return (row ?? session)?.owner;
    };
    expect(await owned(`experiment edit job-0000006 owner=${unix}`)).toBe('Ada Lovelace');
    expect(await owned('experiment show job-0000006')).toBe('Ada Lovelace');
    expect(await owned('session change owner=slack:U012AB3CD')).toBe('Ada Lovelace');
    expect(await owned('session')).toBe('Ada Lovelace');
    expect(await owned('session change owner=Grace')).toBe('Grace');
  });

  it('has the jobs of before too, once somebody has looked whose they are', async () => {
    const folder = temporaryFolder();
    const before = createRecordedHome(folder);
    before.show('030.json');
    const yaml = `people: {ada: {name: Ada Lovelace, role: admin, unix: ${unix}}}`;
    const adopting = await startTestBot({ folder, home: before.home, yaml });
    try {
      const ids = await eventually('found', async () => {
        const { jobs } = (await adopting.ask('jobs owner="Ada Lovelace" limit=50')).data as {
          jobs: { jobId: string }[];
        };
        return jobs.length >= 4 && jobs.map(({ jobId }) => jobId);
      });
      expect(ids).toContain('job-0000006');
    } finally {
      await adopting.app.stop();
    }
  });

  it('is not taken for another', async () => {
    expect((await bot.ask('jobs owner=bob')).data).toMatchObject({ jobs: [] });
    expect((await bot.ask('experiment list owner=bob')).data).toMatchObject({ rows: [] });
  });
});
