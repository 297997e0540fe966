import { afterEach, describe, expect, it } from 'vitest';
import { enterWeb } from '../bot.ts';
import { eventually } from '../helpers.ts';
import { LATE } from '../platforms.ts';
import { openSlackBot, type SlackBot } from './bot.ts';

describe('what the bot in Slack keeps as notes', () => {
  let bot: SlackBot;
  const open = async (more?: string) => {
    bot = await openSlackBot(more);
    return bot;
  };
  afterEach(() => bot.chats.stop());

  it('keeps a message as a note by shortcut and by reaction, and takes it back', async () => {
    const { chats, slack, queue, cardOf, lastPrivate, threadText } = await open();
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    const said = await slack.say('U0BEA', queue, 'I think the <https://x.example|rate> is too high', card.ts);
    await slack.shortcut('U0ADA', queue, said, 'save_as_note');
    const saved = await eventually('it is kept', async () =>
      (await slack.replies(queue, card.ts)).find(({ text }) =>
        text.includes('your message is kept as note 1'),
      ),
    );
    expect(slack.seen(saved).notified).toEqual([]);
    await slack.react('U0ADA', queue, said, 'memo');
    await eventually('not twice', async () => (await threadText(card)).includes('is kept already'));
    const csv = async () => {
      await chats.bot().app.settled();
      return (await enterWeb(chats.bot())).post<{
        reply: { data: { notes: { text: string; link: string; author: string }[] } };
      }>('say', {
        channel: 'queue',
        text: '/xax job 9',
      });
    };
    const [note] = (await csv()).reply.data.notes;
    expect(note).toMatchObject({
      author: 'Bea',
      text: 'I think the rate (https://x.example) is too high',
      link: expect.stringContaining('/archives/'),
    });
    await slack.press('U0ADA', queue, saved, 'Withdraw');
    await lastPrivate('There is no note 1 of yours');
    await slack.press('U0BEA', queue, saved, 'Withdraw');
    await eventually('it is withdrawn', async () => (await threadText(card)).includes('Bea withdrew note 1'));
    expect((await csv()).reply.data.notes).toEqual([]);
    const other = await slack.say('U0BEA', queue, 'the password is hunter2', card.ts);
    await slack.shortcut('U0ADA', queue, other, 'save_as_note');
    await eventually('the second', async () => (await threadText(card)).includes('kept as note 2'));
    await slack.mention('U0ROOT', queue, 'redact 2', card.ts);
    await eventually('redacted', async () => (await threadText(card)).includes('redacted note 2'));
    const { db } = chats.bot().app.parts;
    const rows = (table: string) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all());
    expect(rows('audit')).toContain('note 2');
    for (const table of ['audit', 'notes']) expect(rows(table), table).not.toContain('hunter2');
    // What the log on disk held last is forgotten when it has been written anew.
    for (const table of ['experiments', 'experiment_versions'])
      await eventually(`${table} forgets it`, () => !rows(table).includes('hunter2'));
  });

  it('keeps what is said in a thread where the channel says so, and reads nothing elsewhere', async () => {
    const { chats, slack, queue, cardOf, lastPrivate, threadText } = await open(
      ', capture_threads: true, transitions: [started, failed]',
    );
    await chats.show(LATE);
    const keptTexts = () => chats.bot().app.parts.db.prepare('SELECT text FROM notes').pluck().all();
    const card = await cardOf('job-0000009');
    await slack.say('U0BEA', queue, 'the rate is <!channel> too high', card.ts);
    await slack.say('U0BEA', queue, 'nothing of a job');
    await slack.say('U0GUS', queue, 'a guest has a word', card.ts);
    await slack.mention('U0ADA', queue, 'notes', card.ts);
    const notes = await lastPrivate('the rate is');
    expect(notes.text).toContain('Bea');
    expect(notes.text).not.toContain('nothing of a job');
    await eventually('what was said is read', () => keptTexts().length > 0);
    expect(keptTexts()).toEqual(['the rate is @channel too high']);
    expect(slack.seen(notes)).toMatchObject({ notified: [] });
    // Only some changes are told here, and a job that had none of them has no card.
    expect((await threadText(card)).split('\n')[0]).toMatch(/^job-\d+ started/);
    expect(
      (await slack.timeline(queue)).some(({ text }) => text.startsWith('ToyRegression job-0000010')),
    ).toBe(false);
  });

  it('lets a note follow what becomes of its message, and reads nothing into a reaction elsewhere', async () => {
    const { chats, slack, queue, cardOf } = await open(', capture_threads: true');
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    const notes = async () => {
      slack.ephemerals.splice(0);
      await slack.command('U0ADA', queue, 'notes 9');
      return (await eventually('the notes', () => slack.ephemerals.at(-1))).text;
    };
    const first = await slack.say('U0BEA', queue, 'loss &lt;0.2, says <@U0ADA>', card.ts);
    const second = await slack.say('U0BEA', queue, 'a second thought', card.ts);
    expect(await notes()).toContain('loss &lt;0.2, says @Ada');
    await slack.revise(queue, first, 'loss &lt;0.3, says <@U0ADA>');
    await slack.revise(queue, second, undefined);
    const after = await notes();
    expect(after).toContain('loss &lt;0.3, says @Ada');
    expect(after).not.toMatch(/0\.2|second thought/);
    await slack.revise(queue, first, undefined, { hasReplies: true });
    expect(await notes()).not.toContain('loss');

    const aside = await slack.say('U0BEA', queue, 'lunch at noon');
    const [said, privately] = [(await slack.timeline(queue)).length, slack.ephemerals.length];
    await slack.react('U0ADA', queue, aside, 'memo');
    await notes();
    await chats.allSaid();
    expect((await slack.timeline(queue)).length).toBe(said);
    expect(await slack.replies(queue, aside)).toEqual([]);
    expect([slack.ephemerals.length, privately, slack.directOf('U0ADA')]).toEqual([1, privately, undefined]);
  });
});
