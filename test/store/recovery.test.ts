import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { openWhole, restore } from '../../src/store/recovery.ts';
import { eventually } from '../helpers.ts';
import { BOB, CLAUDE, type ToyBot, toyBot, words } from '../toy-bot.ts';

const DATABASE = 'xaxbot.sqlite';

/** How a file comes to be damaged. */
const DAMAGES: Record<string, (path: string) => void> = {
  'cut in half': (path) => truncateSync(path, statSync(path).size >> 1),
  empty: (path) => truncateSync(path, 0),
  'another file': (path) => writeFileSync(path, 'no database at all, but some text '.repeat(300)),
  'full of rubbish in the middle': (path) => {
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 8_192, bytes.length - 8_192);
    writeFileSync(path, bytes);
  },
};

let world: ToyBot;
let path: string;
beforeEach(async () => {
  world = await toyBot({ launchedSeconds: 600 });
  path = join(world.folder, 'data', DATABASE);
});
afterEach(() => world.stop());

const files = (part: string) =>
  readdirSync(join(world.folder, 'data')).filter((name) => name.startsWith(DATABASE) && name.includes(part));
const channelTexts = async () => (await world.channel()).map(({ text }) => text);
const about = async (job: string) =>
  (await channelTexts()).filter((text) => text.split('\n')[0]!.endsWith(job)).length;
const backupNames = () => files('.v').sort();

/** A day: a backup, then what only the database of later knows. */
async function day() {
  await world.enqueue(600);
  await world.ask('note 1 before the backup', BOB);
  await world.ask('backup');
  await world.enqueue(600);
  await world.ask('note 2 after the backup', BOB);
  await world.ask('queue toy learning_rate=0.5', CLAUDE);
  await world.bot().app.settled();
}

describe('a damaged database', () => {
  it.each(Object.entries(DAMAGES))(
    '%s, is set aside, and the bot goes on from its backup, the log and the queue',
    async (_what, damage) => {
      await day();
      const csv = world.text(await sessionName());
      await world.stop();
      for (const part of ['-wal', '-shm']) expect(existsSync(`${path}${part}`)).toBe(false);
      damage(path);
      const damaged = readFileSync(path);
      await sleep(20);
      await world.restart();
      const [aside] = files('.damaged-');
      expect(readFileSync(join(world.folder, 'data', aside!))).toEqual(damaged);
      expect(words(await world.ask('notes 1'))).toContain('before the backup');
      const texts = await channelTexts();
      const said = texts.filter((text) => text.includes('database was damaged'));
      expect(said).toEqual([expect.stringContaining(aside!)]);
      expect(said[0]).toMatch(
        /goes on from the backup of .*\sLost is what was kept nowhere else since then: notes/s,
      );
      expect(words(await world.ask('health')).replace(/\s+/g, ' ')).toContain(
        'was damaged, and is set aside as',
      );
      expect((await world.ask('jobs')).data).toMatchObject({
        jobs: [{ jobId: 'job-0000002' }, { jobId: 'job-0000001' }],
      });
      expect(world.text(await sessionName())).toContain('after the backup');
      expect(world.text(await sessionName()).split('\n').length).toBe(csv.split('\n').length);
      // What the database before had told is not told again; what happens from now on is.
      expect([await about('job-0000001'), await about('job-0000002')]).toEqual([1, 0]);
      await world.enqueue(600);
      await eventually('the next job is told', async () => (await about('job-0000003')) === 1);
      await world.restart();
      expect((await channelTexts()).filter((text) => text.includes('database was damaged'))).toHaveLength(1);
    },
  );

  it('gives out no number again that people or buttons know from the one before, and nothing that waited is approved by them', async () => {
    const waiting = (await world.ask('queue toy learning_rate=0.25', CLAUDE)).data as { proposal: number };
    await world.enqueue(600);
    await world.ask('backup');
    const { id: lost } = (await world.ask('note 1 lost', BOB)).data as { id: number };
    const later = (await world.ask('queue toy learning_rate=0.5', CLAUDE)).data as { proposal: number };
    await world.stop();
    DAMAGES.empty!(path);
    await world.restart();
    const { id } = (await world.ask('note 1 new', BOB)).data as { id: number };
    const { proposal } = (await world.ask('queue toy learning_rate=0.75', CLAUDE)).data as {
      proposal: number;
    };
    expect([id > lost, proposal > later.proposal]).toEqual([true, true]);
    expect((await world.ask(`approve ${later.proposal}`, BOB)).errorCode).toBe('unknown-proposal');
    expect((await world.ask(`approve ${waiting.proposal}`, BOB)).errorCode).toBe('proposal-closed');
  });

  it('tells what happened after it was written last, while nobody watched', async () => {
    await day();
    await world.stop();
    DAMAGES.empty!(path);
    await sleep(20);
    world.queue.enqueue({ taskKey: 'a.b.Later', settings: {}, steps: 10, seconds: 600, fate: 'completes' });
    await world.restart();
    await eventually('it is told', async () => (await about('job-0000003')) === 1);
    expect(await about('job-0000002')).toBe(0);
  });

  it('without a backup gives way to a new one, into which log and queue are taken silently', async () => {
    await world.enqueue(600);
    await world.ask('hypothesis add "wider is better" name=wider');
    await world.bot().app.settled();
    const name = await sessionName();
    await world.stop();
    DAMAGES['another file']!(path);
    await world.restart();
    expect(
      (await channelTexts()).filter((text) => text.includes('there was no backup to go on from')),
    ).toHaveLength(1);
    expect(await about('job-0000001')).toBe(0);
    expect((await world.row(name, 'wider'))?.hypothesis).toBe('wider is better');
    expect(words(await world.ask('experiment wider'))).toContain('wider is better');
  });

  it('whose newest backup is damaged too goes on from the one before', async () => {
    await world.enqueue(600);
    await world.ask('note 1 in both', BOB);
    await world.ask('backup');
    const [first] = backupNames();
    const newer = first!.replace(/\d{8}T/, '20991231T');
    writeFileSync(
      join(world.folder, 'data', newer),
      readFileSync(join(world.folder, 'data', first!)).subarray(0, 9_000),
    );
    await world.stop();
    DAMAGES.empty!(path);
    await world.restart();
    expect(words(await world.ask('notes 1'))).toContain('in both');
    expect(backupNames()).toContain(newer);
  });

  it('is noticed while the bot works', async () => {
    await day();
    const { app } = world.bot();
    app.parts.db.pragma('wal_checkpoint(TRUNCATE)');
    app.parts.db.pragma('cache_size = 0');
    DAMAGES['full of rubbish in the middle']!(path);
    app.parts.db.pragma('shrink_memory');
    await eventually('it is noticed', async () => {
      await world.ask('jobs');
      await world.ask('notes 1');
      return Promise.race([app.damaged, sleep(50)]);
    });
    expect(existsSync(`${path}.suspect`)).toBe(true);
    await world.stop().catch(() => {});
    world = await toyBot({ folder: world.folder });
    expect(files('.damaged-')).not.toHaveLength(0);
    expect((await channelTexts()).some((text) => text.includes('goes on from the backup of'))).toBe(true);
    expect(existsSync(`${path}.suspect`)).toBe(false);
  });
});

it('a damaged database stays where it is while nothing can be put in its place', async () => {
  await day();
  await world.stop();
  DAMAGES['another file']!(path);
  const damaged = readFileSync(path);
  const failing = [...MIGRATIONS, 'INSERT INTO nowhere VALUES (1)'];
  const data = join(world.folder, 'data');
  for (let time = 0; time < 2; time += 1) {
    expect(() => openWhole(data, { migrations: failing })).toThrow(/no such table: nowhere/);
    expect(readFileSync(path)).toEqual(damaged);
    expect([...files('.damaged-'), ...files('.restor')]).toEqual([]);
  }
  await world.restart();
  expect(words(await world.ask('notes 1'))).toContain('before the backup');
});

describe('going back to a backup', () => {
  it('keeps what was there, goes on, and tells nothing twice', async () => {
    await day();
    await world.stop();
    const [backup] = backupNames();
    await sleep(20);
    const { aside } = restore(join(world.folder, 'data'), join(world.folder, 'data', backup!), Date.now());
    expect(existsSync(join(world.folder, 'data', aside!))).toBe(true);
    await world.restart();
    expect(words(await world.ask('notes 2'))).not.toContain('note 2');
    expect(
      (await channelTexts()).filter((text) => text.includes('Somebody went back to a backup')),
    ).toHaveLength(1);
    expect([await about('job-0000001'), await about('job-0000002')]).toEqual([1, 0]);
    await world.enqueue(600);
    await eventually('the next job is told', async () => (await about('job-0000003')) === 1);
  });

  it('takes with it what stands only in the write-ahead log of the file', async () => {
    await world.stop();
    const data = join(world.folder, 'data');
    const kept = join(data, 'kept');
    const open = new Database(path);
    open.pragma('wal_checkpoint(TRUNCATE)');
    open.exec("INSERT INTO settings (name, value) VALUES ('late', 'yes')");
    for (const part of ['', '-wal']) copyFileSync(`${path}${part}`, `${kept}${part}`);
    open.close();
    restore(data, kept, Date.now());
    const restored = new Database(path, { readonly: true });
    expect(restored.prepare("SELECT value FROM settings WHERE name = 'late'").pluck().get()).toBe('yes');
    restored.close();
    // Its name says no time: its file does.
    await world.restart();
    expect((await channelTexts()).some((text) => text.includes('Somebody went back to a backup'))).toBe(true);
  });

  it('that is cut off before the backup is in place is finished by the next start', async () => {
    await day();
    await world.stop();
    const data = join(world.folder, 'data');
    restore(data, join(data, backupNames()[0]!), Date.now());
    renameSync(path, `${path}.restored`);
    await world.restart();
    expect(words(await world.ask('notes 1'))).toContain('before the backup');
    expect(files('.restor')).toEqual([]);
    const texts = await channelTexts();
    expect(texts.filter((text) => text.includes('Somebody went back to a backup'))).toHaveLength(1);
    expect(await about('job-0000001')).toBe(1);
  });

  it('changes nothing where the file is none, damaged, or of a newer version', async () => {
    await world.enqueue(600);
    await world.ask('backup');
    await world.stop();
    const data = join(world.folder, 'data');
    const before = readFileSync(path);
    const [backup] = backupNames();
    const half = join(data, 'half');
    copyFileSync(join(data, backup!), half);
    truncateSync(half, 9_000);
    writeFileSync(join(data, 'text'), 'hello');
    const newer = join(data, 'newer');
    copyFileSync(join(data, backup!), newer);
    const later = new Database(newer);
    later.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    later.close();
    for (const [file, code] of [
      [join(data, 'gone'), 'no-such-backup'],
      [data, 'no-such-backup'],
      [half, 'damaged-backup'],
      [join(data, 'text'), 'damaged-backup'],
      [newer, 'database-newer'],
    ] as const) {
      expect(() => restore(data, file, Date.now()), file).toThrow(expect.objectContaining({ code }));
      expect(readFileSync(path)).toEqual(before);
      expect([...files('.replaced-'), ...files('.restor')]).toEqual([]);
    }
    await world.restart();
  });
});

async function sessionName(): Promise<string> {
  return ((await world.ask('session')).data as { session: { name: string } }).session.name;
}
