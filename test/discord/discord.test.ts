import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Chats, LATE, openChats } from '../doors.ts';
import { eventually } from '../helpers.ts';
import type { Interaction, StoredMessage } from '../servers/discord/index.ts';
import { finished } from '../states.ts';

const ROOT = '111111111111111110';
const ADA = '111111111111111111';
const BEA = '111111111111111112';
const PIA = '111111111111111113';

describe('the bot in Discord', () => {
  let chats: Chats;
  let queue: string;
  const discord = () => chats.discord;
  const text = (message: StoredMessage) => discord().seen(message).text;
  const cardOf = (job: string) =>
    eventually(`the card of ${job}`, () =>
      discord()
        .messages(queue)
        .find((message) => text(message).startsWith(`ToyRegression ${job}`)),
    );
  const answerTo = (interaction: Interaction, holding: string) =>
    eventually(`an answer with "${holding}"`, () => {
      const { original } = interaction;
      return original && text(original).includes(holding) && original;
    });
  const said = (channel: string, holding: string) =>
    eventually(`"${holding}" in the channel`, () =>
      discord()
        .messages(channel)
        .find((message) => text(message).includes(holding)),
    );

  beforeEach(async () => {
    chats = await openChats({ slack: false, discordOptions: { messageContent: true } });
    queue = discord().channels.queue;
    await chats.connected();
  });
  afterEach(() => chats.stop());

  it('has a card a job, with a thread of what happened, its ends in the channel too', async () => {
    await chats.show(LATE);
    const failed = await cardOf('job-0000008');
    expect(discord().threadOf(failed.id)).toMatchObject({
      name: 'job-0000008 ToyRegression',
      parent_id: queue,
    });
    const thread = discord().messages(failed.id);
    expect(thread.map((message) => text(message).split(',')[0])).toEqual([
      'Queued by root',
      'Started',
      expect.stringContaining('Failed after'),
    ]);
    expect(discord().seen(thread[2]!).notified).toEqual([`<@${ROOT}>`]);
    const alone = discord()
      .messages(queue)
      .filter((message) => text(message).includes('Completed after') && message.edits === 0);
    expect(alone.length).toBeGreaterThan(0);
    const ending = discord()
      .messages((await cardOf('job-0000006')).id)
      .at(-1)!;
    expect(ending.attachments.map(({ filename }) => filename)).toEqual([expect.stringMatching(/\.png$/)]);
    expect(discord().requests.filter(({ route }) => route.includes('/threads'))).toHaveLength(11);
  });

  it('declares its commands once, with types, choices and completion', async () => {
    const [slash, menu] = discord().commands() as {
      name: string;
      options?: { name: string; options: { name: string; type: number; required?: boolean }[] }[];
    }[];
    expect([slash!.name, menu!.name]).toEqual(['xax', 'Save as note']);
    const queueCommand = slash!.options!.find(({ name }) => name === 'queue')!;
    expect(queueCommand.options).toContainEqual(
      expect.objectContaining({ name: 'preset', autocomplete: true, required: true }),
    );
    expect(queueCommand.options).toContainEqual(
      expect.objectContaining({ name: 'position', type: 4, min_value: 1 }),
    );
    const puts = () => discord().requests.filter(({ route }) => route.startsWith('PUT')).length;
    expect(puts()).toBe(1);
    await chats.bot().app.stop();
    await chats.start();
    await chats.connected();
    expect(puts()).toBe(1);
  });

  it('answers a slash command, privately or for everybody, and completes its options', async () => {
    await chats.show(LATE);
    const status = await discord().slash(ADA, queue, 'status');
    expect(status).toMatchObject({ type: 5, ackMs: expect.any(Number) });
    await answerTo(status, 'Running job-0000009');
    await answerTo(await discord().slash(ADA, queue, 'jobs', { status: 'failed', limit: 1 }), 'job-0000008');
    const offered = await discord().autocomplete(ADA, queue, 'note', 'job', '0009');
    expect(offered).toEqual([
      { name: expect.stringContaining('ToyRegression, running'), value: 'job-0000009' },
    ]);
    const note = await discord().slash(ADA, queue, 'note', { job: '9', text: 'it *jumps*' });
    expect(text(await said(queue, 'Note by Ada'))).toContain('it *jumps*');
    await eventually('nothing is left open', () => note.original === undefined);
    const preset = await discord().slash(ADA, queue, 'queue', { preset: 'nope' });
    await answerTo(preset, 'No preset is declared');
  });

  it('takes buttons and forms in a thread, with its job implied', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    const form = await discord().press(ADA, card, 'Note');
    expect(form.type).toBe(9);
    await discord().submit(ADA, form, { text: 'two\nlines' });
    expect(text(await said(card.channel_id, 'Note by Ada'))).toContain('two\nlines');
    const question = await discord().slash(ADA, card.id, 'kill');
    const asked = await answerTo(question, 'Kill job-0000009');
    await answerTo(await discord().press(BEA, asked, 'Kill job-0000009'), 'no longer open');
    await discord().slash(ADA, card.id, 'verdict', { verdict: 'refuted', result: 'worse' });
    await said(card.id, 'refuted: worse');
    await answerTo(await discord().slash(ADA, card.id, 'notes'), 'two');
  });

  it('takes what is said to it in a thread and directly', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    discord().say(ADA, card.id, `<@${discord().botId}> note the rate is “odd”`);
    expect(text(await said(card.id, 'Note by Ada'))).toContain('the rate is “odd”');
    discord().say(ADA, card.id, 'nothing for the bot');
    discord().direct(ADA, 'status');
    await said(discord().directOf(ADA), 'Running job-0000009');
    discord().direct(BEA, 'status');
    await said(discord().directOf(BEA), 'needs the role viewer');
  });

  it('gives strangers help and nothing else, and members what the channel says', async () => {
    await chats.show(LATE);
    await answerTo(await discord().slash(BEA, queue, 'status'), 'Running job-0000009');
    await answerTo(await discord().slash(BEA, queue, 'cancel', { job: '10' }), 'needs the role operator');
    await answerTo(await discord().slash(PIA, queue, 'status'), 'needs the role viewer');
    await answerTo(
      await discord().slash(ADA, discord().channels.elsewhere, 'status'),
      'needs the role viewer',
    );
    await answerTo(await discord().slash(PIA, queue, 'help'), 'help');
  });

  it('keeps a message as a note by its menu and by reaction, and takes it back', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    const message = discord().say(BEA, card.id, 'I think @everyone should see this');
    await discord().messageCommand(ADA, 'Save as note', message);
    const saved = await said(card.id, 'your message is kept as note 1');
    expect(discord().seen(saved).notified).toEqual([`<@${BEA}>`]);
    discord().react(ADA, message, '📝');
    await said(card.id, 'is kept already');
    await answerTo(await discord().press(ADA, saved, 'Withdraw'), 'no note 1 of yours');
    await discord().press(BEA, saved, 'Withdraw');
    await said(card.id, 'Bea withdrew note 1');
  });

  it('tells subscribers privately when a job ends', async () => {
    await chats.show(LATE);
    await answerTo(await discord().slash(ADA, queue, 'subscribe', { job: '9' }), 'You will hear privately');
    chats.home.show(LATE, (state) => finished(state, 'job-0000009'));
    expect(text(await said(discord().directOf(ADA), 'job-0000009'))).toContain('Completed');
  });

  it('reopens an archived thread when there is something to say', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    discord().setThread(card.id, { archived: true });
    await discord().slash(ADA, card.id, 'note', { text: 'reopened' });
    await said(card.id, 'reopened');
    expect(discord().threadOf(card.id)).toMatchObject({ thread_metadata: { archived: false } });
  });
});
