import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/core/chat-store.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import { enterWeb } from '../bot.ts';
import { testHandlers } from '../handlers.ts';
import { eventually } from '../helpers.ts';
import { ADA, buttonsOf, type ToyBot, toyBot } from '../toy-bot.ts';

describe('buttons of one session, pressed when another is in use', () => {
  let world: ToyBot;
  beforeAll(async () => {
    world = await toyBot({ launchedSeconds: 0.2 });
    await world.ask('session new one metric=value/loss mode=min');
  });
  afterAll(() => world.stop());

  it('plan, put off and queue what was suggested in the session that it was suggested in', async () => {
    const suggested = buttonsOf(await world.ask('suggest'));
    const [plan, queue] = suggested;
    await world.ask('session new two metric=value/loss mode=min');
    expect(plainText((await world.press(plan!)).message)).toMatch(/^Planned plan-1/);
    expect([...(await world.rows('one')).keys()]).toEqual(['plan-1']);
    expect((await world.press(queue!)).ok).toBe(true);
    await world.ended('job-0000001');
    expect([...(await world.rows('one')).keys()]).toEqual(['plan-1', 'job-0000001']);
    expect((await world.rows('two')).size).toBe(0);
    const options = { ...suggested[0]!.options };
    expect(
      typedWords({ adapter: 'web', input: { kind: 'options', command: 'plan', options } }, testHandlers()),
    ).not.toContain('session');
  });

  it('queue a whole sweep where it was planned, and ask for that one', async () => {
    await world.ask('session use one');
    const words = 'sweep toy learning_rate=0.1,0.2';
    const yes = buttonsOf(await world.ask(words))[0]!;
    const planned = await world.press(yes);
    const all = buttonsOf(planned).find(({ label }) => label === 'Queue all 2')!;
    await world.ask('session use two');
    const question = await world.press(all);
    expect(plainText(question.message)).toMatch(/2 runs/);
    const done = await world.press(buttonsOf(question)[0]!, ADA);
    expect(done.ok).toBe(true);
    expect((await world.rows('two')).size).toBe(0);
    const queued = [...(await world.rows('one')).values()].filter(({ status }) => status === 'planned');
    expect(queued.map(({ experiment_id }) => experiment_id)).toEqual(['plan-1']);
  });

  it('launch nothing in a session that was closed since, and say so', async () => {
    await world.ask('session use two');
    await world.ask('session close one');
    const { jobs } = world;
    const before = jobs();
    expect(await world.said('retry 1')).toMatch(/The session one, in which this would run, is closed/);
    expect(jobs()).toBe(before);
  });

  it('offer no retry there, and do again once the session is open', async () => {
    const retries = async () => {
      await world.bot().app.settled();
      const reader = await enterWeb(world.bot(), 'ada');
      const { messages } = await reader.get<{ messages: ChatMessage[] }>('messages?channel=queue&limit=200');
      const card = messages.find(({ message }) => /^\w+ job-0000001/.test(plainText(message)))!;
      const buttons = card.message.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
      return buttons.filter(({ label }) => label === 'Retry').length;
    };
    await world.ask('note 1 once more');
    await eventually('a card without it', async () => (await retries()) === 0);
    await world.ask('session use one');
    await world.ask('note 1 and again');
    await eventually('a card with it', async () => (await retries()) === 1);
  });
});
