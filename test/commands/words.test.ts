import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { ADA, BOB, CLAUDE, EVE, type ToyBot, toyBot, words } from '../toy-bot.ts';

const SECRET = 'my grandmother likes warm-up';

let world: ToyBot;
let session: string;
beforeEach(async () => {
  world = await toyBot({ launchedSeconds: 0.1 });
  await world.enqueue(0.05);
  session = ((await world.ask('session')).data as { session: { name: string } }).session.name;
});
afterEach(() => world.stop());

/** Bob's words, everywhere; and Ada's. */
async function written() {
  const { bot, ask } = world;
  await ask(`note 1 ${SECRET}`, BOB);
  await ask(`hypothesis add "${SECRET}" name=bobs`, BOB);
  await ask(`plan toy hypothesis="${SECRET} too" expected="${SECRET} a lot" name=planned`, BOB);
  await ask('queue experiment=planned', BOB);
  await ask(`queue toy learning_rate=0.3 hypothesis="${SECRET}"`, BOB);
  await ask(`dismiss toy learning_rate=0.5 reason="${SECRET}"`, BOB);
  const { proposal } = (await ask('queue toy learning_rate=0.25', CLAUDE)).data as { proposal: number };
  await ask(`deny ${proposal} ${SECRET}`, BOB);
  await ask('note 1 these are the words of Ada');
  await ask('hypothesis add "hers stay" name=adas');
  await bot().app.settled();
}
const csv = () => world.text(session);
const database = () => {
  const { db } = world.bot().app.parts;
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  return tables.filter((name) =>
    JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all()).includes(SECRET),
  );
};
const exported = async (line: string, person = ADA) => {
  const reply = await world.ask(line, person);
  const { file } = (reply.data as { file?: { file: string } }) ?? {};
  return file
    ? (
        JSON.parse(readFileSync(join(world.folder, 'data', 'files', file.file), 'utf8')) as {
          words: { kind: string; text: string }[];
        }
      ).words
    : [];
};

describe("a person's words", () => {
  it('are given to them, or to an admin, as a file, and to nobody else', async () => {
    await written();
    const own = await exported('words export', BOB);
    expect(own.filter(({ text }) => text.includes(SECRET)).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['note', 'experiment', 'launch', 'plan', 'dismissal', 'proposal']),
    );
    expect(own.some(({ text }) => text.includes('Ada') || text.includes('hers'))).toBe(false);
    expect(await exported('words export Bob')).toEqual(own);
    expect((await world.ask('words export bob', EVE)).errorCode).toBe('not-allowed');
    expect((await world.ask('words remove bob', EVE)).errorCode).toBe('not-allowed');
    expect((await world.ask('words remove', CLAUDE)).errorCode).toBe('not-for-agents');
  });

  it('are taken out of database and log, whose rows stay, when they say yes; those of others stay', async () => {
    await written();
    const question = await world.ask('words remove', BOB);
    expect([question.errorCode, words(question)]).toEqual([
      'needs-confirmation',
      expect.stringMatching(/posted in Slack or Discord stays/),
    ]);
    expect(csv()).toContain(SECRET);
    const reply = await world.ask('words remove', BOB, { preconfirmed: true });
    expect(words(reply)).toMatch(/taken out: 1 note, \d experiment texts/);
    await eventually('the file follows', () => !csv().includes(SECRET));
    await world.bot().app.settled();
    expect(database()).toEqual([]);
    for (const id of ['bobs', 'planned'])
      expect((await world.row(session, id))?.hypothesis).toBe('[removed at their request]');
    expect(csv()).toContain('the words of Ada');
    expect((await world.row(session, 'adas'))?.hypothesis).toBe('hers stay');
    expect(await exported('words export', BOB)).toEqual([]);
    const { db } = world.bot().app.parts;
    db.pragma('wal_checkpoint(TRUNCATE)');
    const data = join(world.folder, 'data');
    const bytes = readdirSync(data)
      .filter((name) => name.startsWith('xaxbot.sqlite'))
      .map((name) => readFileSync(join(data, name)));
    expect(bytes.some((each) => each.includes(SECRET))).toBe(false);
    expect((await world.ask('audit bob')).ok).toBe(true);
  });
});
