import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import { createRecordedHome, enterWeb, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const YAML = `people:
  root: {role: admin}
  ada: {name: Ada, role: operator}
  bob: {name: Bob, role: viewer}
`;

describe('logins', () => {
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  const ask = (words: string, id: string, role: 'admin' | 'operator' | 'viewer') =>
    bot.ask(words, { person: { id, name: id, role } });
  const list = async (id: string, role: 'admin' | 'operator' | 'viewer') =>
    (await ask('logins', id, role)).data as { logins: { id: string; person: string; browser: string }[] };

  beforeAll(async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show('028.json');
    bot = await startTestBot({ folder, home: home.home, yaml: YAML });
  });
  afterAll(() => bot.app.stop());

  it('lists where somebody is signed in, and everybody for an admin', async () => {
    await enterWeb(bot, 'ada');
    await enterWeb(bot, 'bob');
    expect((await list('ada', 'operator')).logins.map(({ person }) => person)).toEqual(['Ada']);
    expect((await list('root', 'admin')).logins.map(({ person }) => person).toSorted()).toEqual([
      'Ada',
      'Bob',
    ]);
    expect(plainText((await ask('logins', 'ada', 'operator')).message)).toMatch(/Ada.*30 days/s);
  });

  it('ends one, with what it has open, at once', async () => {
    const page = await enterWeb(bot, 'bob');
    const stream = await page.ask('api/stream');
    const ended = stream.body!.pipeTo(new WritableStream()).then(() => true);
    const id = Buffer.from(page.login, 'base64url').toString('hex').slice(0, 8);
    const refused = await ask(`logins end=${id}`, 'ada', 'operator');
    expect([refused.ok, plainText(refused.message)]).toEqual([false, expect.stringContaining('no login')]);
    expect((await page.ask('api/state')).status).toBe(200);
    expect((await ask(`logins end=${id.toUpperCase()}`, 'root', 'admin')).ok).toBe(true);
    expect(await ended).toBe(true);
    expect((await page.ask('api/state')).status).toBe(401);
    expect((await ask(`logins end=${id}`, 'root', 'admin')).errorCode).toBe('unknown-login');
  });

  it('are in the audit from their beginning, by the name that ends them', async () => {
    const page = await enterWeb(bot, 'ada');
    const id = Buffer.from(page.login, 'base64url').toString('hex').slice(0, 8);
    const said = plainText((await ask('audit ada', 'root', 'admin')).message);
    expect(said).toMatch(new RegExp(`Ada +signed in to the web chat +login: ${id}`));
  });

  it("ends all of one's own, and nobody else's", async () => {
    const [bob, ada] = [await enterWeb(bot, 'bob'), await enterWeb(bot, 'ada')];
    expect((await ask('logins end=all', 'ada', 'operator')).ok).toBe(true);
    await eventually('it is over', async () => (await ada.ask('api/state')).status === 401);
    expect((await bob.ask('api/state')).status).toBe(200);
    expect((await ask('logins end=all', 'ada', 'operator')).errorCode).toBe('unknown-login');
  });

  it('names none by next to nothing', async () => {
    for (const end of ['3', '%', '___', 'allx'])
      expect((await ask(`logins "end=${end}"`, 'root', 'admin')).ok, end).toBe(false);
  });
});
