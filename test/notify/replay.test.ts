import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, enterWeb, STATES, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

type Bot = Awaited<ReturnType<typeof startTestBot>>;
let running: Bot | undefined;

afterEach(async () => {
  await running?.app.stop();
  running = undefined;
});

/** Every message of the channel with its thread, as text; a card is named by its job. */
async function channel(bot: Bot): Promise<Record<string, string[]>> {
  await bot.app.settled();
  const reader = await enterWeb(bot);
  const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
  const told: Record<string, string[]> = {};
  for (const { id, message, replies } of messages) {
    const name = plainText({ blocks: message.blocks.slice(0, 1) });
    const { messages: thread } =
      replies > 0 ? await reader.get<{ messages: ChatMessage[] }>(`thread?root=${id}`) : { messages: [] };
    told[name] = thread.map((reply) =>
      plainText({ blocks: reply.message.blocks.slice(0, 1) }, { timezone: 'Asia/Kolkata' }),
    );
  }
  return told;
}

async function start(folder: string, home: string): Promise<Bot> {
  running = await startTestBot({ folder, home });
  return running;
}

/** Shows a state and waits until the bot has said all there is to say of it. */
async function step(bot: Bot, home: ReturnType<typeof createRecordedHome>, name: string): Promise<void> {
  const seen = Date.now();
  home.show(name);
  await eventually(`${name} read`, async () => {
    const health = bot.app.health().find((item) => item.name === 'queue');
    await sleep(20);
    return health?.ok && Date.now() - seen > 60;
  });
  await bot.app.settled();
}

/** What the recorded day is, job by job: how each line in its thread begins. */
const DAY: Record<string, string[]> = {
  'ToyRegression job-0000001': ['marked cancelled after it had already ended as completed'],
  'ToyRegression job-0000002': ['queued', 'started, 20:44:57', 'failed after 18 s, 20:45:15'],
  'ToyRegression job-0000003': [
    'queued',
    'started',
    'failed',
    'marked cancelled after it had already ended as failed',
  ],
  'ToyRegression job-0000004': [
    'queued',
    'started',
    'failed',
    'marked cancelled after it had already ended as failed',
  ],
  'ToyRegression job-0000005': ['queued', 'started', 'failed'],
  'ToyRegression job-0000006': ['queued', 'started', 'completed after 40 s'],
  'ToyRegression job-0000007': ['queued', 'started', 'failed'],
  'ToyRegression job-0000008': ['queued', 'started', 'failed'],
  'ToyRegression job-0000009': ['queued', 'started'],
  'ToyRegression job-0000010': ['queued'],
  'ToyRegression job-0000011': ['queued', 'moved from position 5 to 1', 'started', 'completed'],
};

/** A line of a job's thread after the job's name, with which each begins. */
function said(line: string, card: string): string {
  const name = `${card.split(' ')[1]} `;
  return line.startsWith(name) ? line.slice(name.length) : '';
}

function expectTheDay(told: Record<string, string[]>): void {
  const board = Object.keys(told).filter((name) => name.startsWith('Queue '));
  expect(board.map((name) => told[name])).toEqual([[]]);
  expect(
    Object.keys(told)
      .filter((name) => !board.includes(name))
      .sort(),
  ).toEqual(Object.keys(DAY));
  for (const [name, lines] of Object.entries(DAY)) {
    expect(
      told[name]!.map((line, index) =>
        said(line, name).startsWith(lines[index] ?? '?') ? lines[index] : line,
      ),
      name,
    ).toEqual(lines);
  }
}

describe('the recorded day', () => {
  it('is told in full when every state is seen: one card a job, its transitions once and in order', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show(STATES[0]!);
    const bot = await start(folder, home.home);
    expect(Object.keys(await channel(bot))).toHaveLength(1);
    for (const name of STATES.slice(1)) await step(bot, home, name);
    expectTheDay(await channel(bot));
  });

  it('is told the same, with true times, when the bot was away for all of it', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show(STATES[0]!);
    await start(folder, home.home);
    await running!.app.stop();
    home.show(STATES.at(-1)!);
    const bot = await start(folder, home.home);
    const told = await channel(bot);
    const { 'ToyRegression job-0000003': three, 'ToyRegression job-0000011': eleven } = told;
    expect(told['ToyRegression job-0000002']).toEqual([
      expect.stringMatching(/^job-\d+ queued.*20:44:56.*noticed/),
      expect.stringMatching(/^job-\d+ started, 20:44:57.*noticed/),
      expect.stringMatching(/^job-\d+ failed after 18 s, 20:45:15.*noticed/),
    ]);
    expect(three!.at(-1)).toMatch(/^job-\d+ cancelled/);
    expect(eleven!.map((line) => line.split(/[ ,]/)[1])).toEqual(['queued', 'started', 'completed']);
  });

  it('is not told again after any restart', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show(STATES[0]!);
    await start(folder, home.home);
    for (const [index, name] of STATES.slice(1).entries()) {
      await step(running!, home, name);
      if (index % 6 === 5) {
        await running!.app.stop();
        await start(folder, home.home);
      }
    }
    expectTheDay(await channel(running!));
  });

  it('is adopted silently by a first start, and by a start on a rebuilt database', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show(STATES.at(-1)!);
    const bot = await start(folder, home.home);
    expect(Object.keys(await channel(bot))).toEqual([expect.stringMatching(/^Queue /)]);
    expect(((await bot.ask('jobs')).data as { jobs: unknown[] }).jobs).toHaveLength(11);
  });

  it('is folded when there is very much of it', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show(STATES[0]!);
    await start(folder, home.home);
    await running!.app.stop();
    home.show(STATES[0]!, (text) => {
      const state = JSON.parse(text) as { jobs: Record<string, Record<string, unknown>> };
      const template = state.jobs['job-0000001']!;
      for (let number = 2; number <= 120; number += 1) {
        const id = `job-${String(number).padStart(7, '0')}`;
        const at = (template.enqueued_at as number) + number * 60;
        const failed = number % 10 === 0;
        state.jobs[id] = {
          ...template,
          job_id: id,
          enqueued_at: at,
          started_at: at + 5,
          ended_at: at + 50,
          status: failed ? 'failed' : 'completed',
          error: failed ? 'Exited with return code 1' : null,
        };
      }
      return JSON.stringify(state, null, 2);
    });
    const bot = await start(folder, home.home);
    const told = Object.keys(await channel(bot));
    expect(told.filter((name) => name.startsWith('ToyRegression'))).toHaveLength(25);
    expect(told.filter((name) => name.startsWith('While I was away'))).toEqual([
      expect.stringContaining('94 more jobs changed: 85 completed, 9 failed'),
    ]);
  });

  it('says of a failure why, with its last lines, and shows the curve of a run that ended', async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show('028.json');
    const bot = await start(folder, home.home);
    await step(bot, home, '029.json');
    await step(bot, home, '030.json');
    await bot.app.settled();
    const reader = await enterWeb(bot);
    const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue');
    const card = messages.find(({ message }) => plainText(message).startsWith('ToyRegression job-0000008'))!;
    expect(plainText(card.message)).toContain(
      'out of device memory: 16.0 GiB could not be allocated (toy.py:42 in on_step_start)',
    );
    const { messages: thread } = await reader.get<{ messages: ChatMessage[] }>(`thread?root=${card.id}`);
    const ending = thread.at(-1)!.message;
    expect(ending.blocks.map(({ kind }) => kind)).toEqual([
      'text',
      'text',
      'code',
      'text',
      'image',
      'buttons',
    ]);
    expect(plainText(ending)).toContain('RuntimeError: RESOURCE_EXHAUSTED');
    expect(plainText(ending)).toMatch(/Chart of job-0000008 value\/loss/);
  });
});
