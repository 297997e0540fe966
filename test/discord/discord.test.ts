import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscordWorld } from '../discord-world.ts';
import { eventually } from '../helpers.ts';
import { type Chats, LATE, openChats } from '../platforms.ts';
import type { MessageView, Observed } from '../servers/discord/index.ts';
import { finished } from '../states.ts';

describe('the bot in Discord', () => {
  let chats: Chats;
  let discord: DiscordWorld;
  let queue: string;
  let people: DiscordWorld['people'];
  const holding = (messages: readonly MessageView[], words: string) =>
    messages.find(({ seen, loading }) => !loading && seen.text.includes(words));
  const cardOf = (job: string) =>
    eventually(`the card of ${job}`, () =>
      discord.messages(queue).find(({ seen }) => seen.text.startsWith(`ToyRegression ${job}`)),
    );
  const answerTo = (interaction: Observed, words: string) =>
    eventually(`an answer with "${words}"`, () => {
      const original = interaction.message();
      return holding([...(original ? [original] : []), ...interaction.followups()], words);
    });
  const said = (channel: string, words: string) =>
    eventually(`"${words}" in the channel`, () => holding(discord.messages(channel), words));
  const saidDirectly = (user: keyof DiscordWorld['people'], words: string) =>
    eventually(`"${words}" to ${user}`, () => holding(discord.directMessages(people[user]), words));

  beforeEach(async () => {
    chats = await openChats({ slack: false, messageContent: true });
    discord = chats.discord;
    ({ people } = discord);
    queue = discord.channels.queue;
    await chats.connected();
  });
  afterEach(() => chats.stop());

  it('has a card a job, with a thread of what happened, its ends in the channel too', async () => {
    await chats.show(LATE);
    const failed = await cardOf('job-0000008');
    const thread = discord.thread(failed.id)!;
    expect(thread).toMatchObject({ name: 'job-0000008 ToyRegression', archiveMinutes: 10_080 });
    expect(thread.messages.map(({ seen }) => seen.text.split(',')[0])).toEqual([
      'job-0000008 queued by Root',
      'job-0000008 started',
      expect.stringContaining('failed after'),
    ]);
    expect(thread.messages[2]!.seen.notified).toMatchObject({ users: [people.root.id], everyone: false });
    expect(
      discord
        .messages(queue)
        .filter(({ seen, edits }) => seen.text.includes('Completed after') && edits === 0).length,
    ).toBeGreaterThan(0);
    const ending = discord.messages((await cardOf('job-0000006')).id).at(-1)!;
    expect(ending.seen.files).toEqual([expect.stringMatching(/\.png$/)]);
    expect(discord.log.filter(({ path }) => path.endsWith('/threads'))).toHaveLength(11);
  });

  it('declares its commands once, with types, choices and completion', async () => {
    const declared = discord.commands() as unknown as {
      name: string;
      options?: { name: string; options: object[] }[];
    }[];
    expect(declared.map(({ name }) => name).toSorted()).toEqual(['Save as note', 'xax', 'xax-more']);
    const { options } = declared.find(({ name }) => name === 'xax')!;
    const queueCommand = options!.find(({ name }) => name === 'queue')!;
    expect(queueCommand.options).toContainEqual(
      expect.objectContaining({ name: 'preset', autocomplete: true, required: false }),
    );
    expect(queueCommand.options).toContainEqual(
      expect.objectContaining({ name: 'position', type: 4, min_value: 1 }),
    );
    const puts = () => discord.log.filter(({ method }) => method === 'PUT').length;
    expect(puts()).toBe(1);
    await chats.bot().app.stop();
    await chats.start();
    await chats.connected();
    expect(puts()).toBe(1);
  });

  it('answers a slash command, privately or for everybody, and completes its options', async () => {
    await chats.show(LATE);
    const status = await discord.xax(people.ada, queue, 'status');
    expect(status).toMatchObject({ type: 5, failed: false });
    expect((await answerTo(status, 'Running job-0000009')).ephemeral).toBe(true);
    await answerTo(
      await discord.xax(people.ada, queue, 'jobs', { status: 'failed', limit: 1 }),
      'job-0000008',
    );
    expect(await discord.offered(people.ada, queue, 'note', 'job', '0009')).toEqual([
      { name: expect.stringContaining('ToyRegression, running'), value: 'job-0000009' },
    ]);
    const tags = await discord.offered(people.ada, queue, 'metrics', 'tag', 'mae', { job: '9' });
    expect(tags.map(({ value }) => value)).toEqual(['value/mae']);
    const note = await discord.xax(people.ada, queue, 'note', { job: '9', text: 'it *jumps*' });
    expect((await said(queue, 'note by Ada')).seen.text).toContain('it *jumps*');
    await eventually('nothing is left open', () => note.message() === null);
    await answerTo(
      await discord.xax(people.ada, queue, 'queue', { preset: 'nope' }),
      'No preset is declared',
    );
  });

  it('names commands as they are typed here, and what keeps somebody from them', async () => {
    const under = discord.commands() as unknown as { name: string; options?: { name: string }[] }[];
    const more = under.find(({ name }) => name === 'xax-more')!.options![0]!.name;
    await answerTo(await discord.xax(people.ada, queue, 'help', { command: more }), `/xax-more ${more}`);
    const listed = await discord.xax(people.ada, queue, 'help');
    await answerTo(listed, `/xax-more ${more}`);
    const elsewhere = await discord.xax(people.ada, discord.channels.elsewhere, 'status');
    const refused = await answerTo(elsewhere, 'an admin can add this one under channels:');
    expect(refused.seen.text).not.toContain('people:');
    await answerTo(await discord.xax(people.bea, queue, 'note', { text: 'x', job: '9' }), 'under people:');
  });

  it('takes buttons and forms in a thread, with its job implied', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    const form = await discord.press(people.ada, card.id, 'Note');
    await discord.submit(people.ada, form, { text: 'two\nlines' });
    expect((await said(card.id, 'note by Ada')).seen.text).toContain('two\nlines');
    const asked = await answerTo(await discord.xax(people.ada, card.id, 'kill'), 'Kill job-0000009');
    expect(asked.onlyFor).toBe(people.ada.id);
    await answerTo(
      await discord.xax(people.ada, card.id, 'verdict', { verdict: 'refuted', result: 'worse' }),
      'job-0000009 is running: give a verdict when it has ended',
    );
    const ended = await cardOf('job-0000008');
    await discord.xax(people.ada, ended.id, 'verdict', { verdict: 'refuted', result: 'worse' });
    await said(ended.id, 'refuted by Ada: worse');
    await answerTo(await discord.xax(people.ada, card.id, 'notes'), 'two');
  });

  it('asks in words about the job of a button, and leads back into a form that was refused', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000006');
    type Item = { content?: string; label?: string; component?: { custom_id: string; value?: string } };
    const itemsOf = (opened: Observed) => opened.modal!.components as unknown as Item[];
    const labels = (opened: Observed) => itemsOf(opened).flatMap(({ label }) => label ?? []);
    const [first, late] = [
      await discord.press(people.ada, card.id, 'Verdict'),
      await discord.press(people.ada, card.id, 'Verdict'),
    ];
    expect(first.modal!.title).toBe('Verdict');
    expect(itemsOf(first)[0]!.content).toContain('Job: job-0000006');
    expect(labels(first)).toEqual(['What the run showed', 'What was seen', 'What to do next']);
    await discord.submit(people.ada, first, { verdict: 'confirmed', result: 'it learns' });
    await said(card.channel, 'confirmed: it learns');
    const refused = await discord.submit(people.ada, late, { verdict: 'refuted', result: 'a closer look' });
    const answer = await answerTo(refused, 'Someone already wrote');
    const again = await discord.press(people.ada, answer.id, 'Open the form again');
    expect(itemsOf(again)).toContainEqual(
      expect.objectContaining({
        component: expect.objectContaining({ custom_id: 'result', value: 'a closer look' }),
      }),
    );
    expect(labels(again)).toContain('Replace the earlier verdict');
  });

  it('lets nobody else say yes to a question', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    discord.say(people.ada, card.id, `<@${discord.applicationId}> kill`);
    const asked = await said(card.id, 'Kill job-0000009');
    await answerTo(await discord.press(people.bea, asked.id, 'Kill job-0000009'), 'put to somebody else');
  });

  it('takes what is said to it in a thread and directly', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    discord.say(people.ada, card.id, `<@${discord.applicationId}> note the rate is “odd”`);
    expect((await said(card.id, 'note by Ada')).seen.text).toContain('the rate is “odd”');
    discord.say(people.ada, card.id, 'nothing for the bot');
    discord.dm(people.ada, 'status');
    await saidDirectly('ada', 'Running job-0000009');
    discord.dm(people.bea, 'status');
    await saidDirectly('bea', 'needs the role viewer');
  });

  it('gives strangers help and nothing else, and members what the channel says', async () => {
    await chats.show(LATE);
    const { bea, ada } = people;
    await answerTo(await discord.xax(bea, queue, 'status'), 'Running job-0000009');
    await answerTo(await discord.xax(bea, queue, 'cancel', { job: '10' }), 'needs the role operator');
    await answerTo(await discord.xax(bea, discord.channels.elsewhere, 'status'), 'under channels:');
    await answerTo(await discord.xax(ada, discord.channels.elsewhere, 'status'), 'under channels:');
    await answerTo(await discord.xax(bea, discord.channels.elsewhere, 'help'), 'help');
  });

  it('keeps a message as a note by its menu and by reaction, and takes it back', async () => {
    await chats.show(LATE);
    const { ada, bea } = people;
    const card = await cardOf('job-0000009');
    const message = discord.say(bea, card.id, 'I think @everyone should see this');
    await discord.messageCommand(ada, 'Save as note', message.id);
    const saved = await said(card.id, 'your message is kept as note 1');
    expect(saved.seen.notified).toMatchObject({ users: [], everyone: false });
    discord.react(ada, message.id, '📝');
    await said(card.id, 'is kept already');
    await answerTo(await discord.press(ada, saved.id, 'Withdraw'), 'no note 1 of yours');
    await discord.press(bea, saved.id, 'Withdraw');
    await said(card.id, 'Bea withdrew note 1');
  });

  it('lets a note follow what becomes of its message, and reads nothing into a reaction elsewhere', async () => {
    await chats.show(LATE);
    const { ada, bea } = people;
    const card = await cardOf('job-0000009');
    const notes = async () => {
      const asked = await discord.xax(ada, queue, 'notes', { job: '9' });
      const answer = await eventually('the notes', () => {
        const message = asked.message();
        return message && !message.loading ? message : undefined;
      });
      return answer.seen.text.replaceAll('\u200b', '');
    };
    const message = discord.say(bea, card.id, `loss <0.2, says <@${ada.id}>`);
    await discord.messageCommand(ada, 'Save as note', message.id);
    await said(card.id, 'your message is kept as note 1');
    expect(await notes()).toContain('loss <0.2, says @Ada');
    discord.edit(bea, message.id, 'loss <0.3 for certain');
    await eventually('the edit', async () => (await notes()).includes('loss <0.3 for certain'));
    discord.deleteMessage(bea, message.id);
    await eventually('the deletion', async () => !(await notes()).includes('for certain'));
    const purged = ['a first aside', 'a second aside'].map((text) => discord.say(bea, card.id, text));
    for (const { id } of purged) await discord.messageCommand(ada, 'Save as note', id);
    await said(card.id, 'kept as note 3');
    discord.purge(purged.map(({ id }) => id));
    await eventually('the purge', async () => !(await notes()).includes('aside'));

    const aside = discord.say(bea, queue, 'lunch at noon');
    const before = discord.messages(queue).length;
    discord.react(ada, aside.id, '📝');
    await notes();
    await chats.allSaid();
    expect(discord.messages(queue)).toHaveLength(before);
    expect(discord.thread(aside.id)).toBeNull();
    expect(discord.directMessages(ada)).toEqual([]);
  });

  it('tells subscribers privately when a job ends', async () => {
    await chats.show(LATE);
    await answerTo(
      await discord.xax(people.ada, queue, 'subscribe', { job: '9' }),
      'You will hear privately',
    );
    chats.home.show(LATE, (state) => finished(state, 'job-0000009'));
    expect((await saidDirectly('ada', 'job-0000009')).seen.text).toContain('Completed');
  });

  it('opens an archived thread again when there is something to say', async () => {
    await chats.show(LATE);
    const card = await cardOf('job-0000009');
    discord.archiveThread(card.id);
    chats.home.show(LATE, (state) => finished(state, 'job-0000009'));
    await said(card.id, 'completed');
    expect(discord.thread(card.id)).toMatchObject({ archived: false });
  });
});
