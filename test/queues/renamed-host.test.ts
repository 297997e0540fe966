import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { startBot } from '../../src/cli/bot.ts';
import { openQueues, underKnownName } from '../../src/cli/queues.ts';
import type { Reply } from '../../src/core/adapter.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, testConfig } from '../bot.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { ADA } from '../toy-bot.ts';

/** Starts the bot on a host of this name as the program does, gives a command, and stops. */
async function ask(folder: string, home: string, host: string, words: string): Promise<Reply> {
  writeFileSync(join(folder, 'xaxbot.yaml'), `host: ${host}\nwatch: {defaults: false}\n`);
  const config = underKnownName(testConfig({ folder, home }));
  const { app } = await startBot(config, await openQueues(config, quietLog), quietLog);
  try {
    await app.settled();
    let last: Reply | undefined;
    await app.handlers.invoke(
      { adapter: 'web', channel: 'queue', person: ADA, input: { kind: 'text', words } },
      async (reply) => {
        last = reply;
      },
    );
    await app.settled();
    return last!;
  } finally {
    await app.stop();
  }
}

it('a host that is called otherwise has the same queue: its jobs, notes and experiments go on', async () => {
  const folder = temporaryFolder();
  const recorded = createRecordedHome(folder);
  recorded.show('030.json');
  await ask(folder, recorded.home, 'lab', 'note 8 "jumps at step 2000"');
  const rows = async (host: string) => {
    const { data } = await ask(folder, recorded.home, host, 'jobs limit=200');
    return (data as { jobs: object[] }).jobs.length;
  };
  const before = await rows('lab');
  expect(before).toBeGreaterThan(5);
  expect(await rows('lab2')).toBe(before);
  expect(plainText((await ask(folder, recorded.home, 'lab3', 'notes 8')).message)).toContain(
    'jumps at step 2000',
  );
  const csv = await eventually('the log', async () => {
    const { data } = await ask(folder, recorded.home, 'lab3', 'session');
    return (data as { session: { csvPath: string } }).session.csvPath;
  });
  expect(rowsOf(csv).size).toBe(before);
});

it('a database that was made before its queue was kept knows it by its jobs', async () => {
  const folder = temporaryFolder();
  const recorded = createRecordedHome(folder);
  recorded.show('030.json');
  await ask(folder, recorded.home, 'lab', 'status');
  const config = testConfig({ folder, home: recorded.home });
  const db = new Database(join(config.dataDir, 'xaxbot.sqlite'));
  db.prepare("DELETE FROM settings WHERE name = 'only-queue'").run();
  db.close();
  writeFileSync(join(folder, 'xaxbot.yaml'), 'host: lab2\n');
  const again = testConfig({ folder, home: recorded.home });
  expect(underKnownName(again).queues[0]!.name).toBe('lab');
  rmSync(config.dataDir, { recursive: true });
  expect(underKnownName(again).queues[0]!.name).toBe('lab2');
});

it('queues that the settings name are called as they say', async () => {
  const folder = temporaryFolder();
  const recorded = createRecordedHome(folder);
  recorded.show('030.json');
  await ask(folder, recorded.home, 'lab', 'status');
  const yaml = `host: lab2\nqueues: [{name: gpu-7, home: ${recorded.home}}]\n`;
  expect(underKnownName(testConfig({ folder, home: recorded.home, yaml })).queues[0]!.name).toBe('gpu-7');
});
