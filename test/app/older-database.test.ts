import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createRecordedHome, enterWeb, STATES, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

/** What a bot of version 17 of the schema wrote, in ada's folder, when it had seen the first eight states of the day. */
const V17 = new URL('../fixtures/database/v17.sql', import.meta.url);
const SEEN = 8;
const YAML = 'host: gpu-01\npeople:\n  ada: {name: Ada, role: admin, unix: root}\n';

type Bot = Awaited<ReturnType<typeof startTestBot>>;
let running: Bot | undefined;

afterEach(async () => {
  await running?.app.stop();
  running = undefined;
});

function olderDatabase(folder: string): void {
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  const db = new Database(join(folder, 'data', 'xaxbot.sqlite'));
  db.exec(readFileSync(V17, 'utf8').replaceAll('/home/ada/toy', folder));
  db.close();
}

/** What stands in the channel: each message with its thread, in the order in which it was said. */
async function told(bot: Bot): Promise<{ id: number; text: string }[]> {
  await bot.app.settled();
  const reader = await enterWeb(bot, 'ada');
  const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
  const threads = await Promise.all(
    messages.map(async ({ id }) => {
      const { messages: thread } = await reader.get<{ messages: ChatMessage[] }>(`thread?root=${id}`);
      return thread;
    }),
  );
  return [...messages, ...threads.flat()]
    .map(({ id, message }) => ({ id, text: plainText({ blocks: message.blocks.slice(0, 1) }) }))
    .sort((a, b) => a.id - b.id);
}

it('a database of version 17 goes on: nothing is told twice, nothing is lost, and a copy leads back', async () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  olderDatabase(folder);
  home.show(STATES[SEEN - 1]!);
  running = await startTestBot({ folder, home: home.home, yaml: YAML });
  const before = await told(running);
  expect(before.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

  const ada = { id: 'ada', name: 'Ada', role: 'admin' as const };
  const answer = async (words: string) => plainText((await running!.ask(words, { person: ada })).message);
  expect(await answer('experiment job-0000003')).toContain('a smaller rate converges');
  expect(await answer('notes job-0000003')).toContain('looks fine');
  expect(await answer('watch list')).toContain('above-loss');
  expect(await answer('session')).toContain('loss');

  home.show(STATES.at(-1)!);
  await eventually('the last state is told', async () =>
    (await told(running!)).some(({ text }) => text.includes('job-0000011')),
  );
  const after = await told(running);
  expect(after.slice(0, before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  await running.app.stop();
  running = await startTestBot({ folder, home: home.home, yaml: YAML });
  expect(await told(running)).toEqual(after);

  const copies = readdirSync(join(folder, 'data')).filter((name) => name.startsWith('xaxbot.sqlite.v'));
  expect(copies).toHaveLength(MIGRATIONS.length > 17 ? 1 : 0);
});

it('a copy that was put back is what the older xaxbot left', () => {
  const folder = temporaryFolder();
  const database = join(folder, 'data');
  olderDatabase(folder);
  const rows = () => {
    const db = openDb(database, { migrations: MIGRATIONS.slice(0, 17) });
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    const all = tables.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]);
    db.close();
    return all;
  };
  const left = rows();
  openDb(database, {
    migrations: [...MIGRATIONS.slice(0, 17), "UPDATE jobs SET status = 'queued'; DROP TABLE audit"],
  }).close();
  const copy = readdirSync(database).find((name) => name.startsWith('xaxbot.sqlite.v17-'))!;
  renameSync(join(database, copy), join(database, 'xaxbot.sqlite'));
  expect(rows()).toEqual(left);
});
