import { afterEach, describe, expect, it } from 'vitest';
import type { GiveReply, Invocation, Reply } from '../../src/core/adapter.ts';
import type { Button, Message } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, buttonsOf, type ToyBot, type ToyOptions, toyBot, words } from '../toy-bot.ts';

let world: ToyBot;

afterEach(() => world.stop());

/** A bot on which a job runs. */
async function running(options?: ToyOptions): Promise<void> {
  world = await toyBot(options);
  const job = await world.enqueue(60);
  await eventually('it runs', () => world.queue.snapshot()!.jobs.get(job.jobId)?.status === 'running');
  await world.bot().app.settled();
}

/** Everything that an invocation says, and what it makes of a message that can be edited. */
async function watched(input: Invocation['input'], person: Person, isPressed = false) {
  const replies: Reply[] = [];
  const asked: Message[] = [];
  const pressed: Message[] = [];
  const give: GiveReply = async (reply) => {
    replies.push(reply);
    return async (message) => void asked.push(message);
  };
  const edit = async (message: Message) => void pressed.push(message);
  const press = isPressed ? { kind: 'button' as const, id: 'q1', edit } : undefined;
  await world.bot().app.handlers.invoke({ adapter: 'web', channel: 'queue', person, input, press }, give);
  return { replies, asked, pressed, last: replies.at(-1) };
}
const askKill = async (person = ADA) => {
  const shown = await watched({ kind: 'text', words: 'kill running' }, person);
  return { ...shown, yes: buttonsOf(shown.last!)[0]! };
};
const press = ({ command, options }: Button, person = ADA) =>
  watched({ kind: 'options', command, options }, person, true);
const REFRESH: Button = { label: 'Refresh', command: 'status', options: {}, replaces: true };

describe('a question closes', () => {
  it('when it is answered, with who said what; the answer stands by itself', async () => {
    await running();
    const { yes } = await askKill();
    expect(yes.replaces).toBe(true);
    const { pressed, last } = await press(yes);
    expect(pressed.map((message) => plainText(message))).toEqual([
      expect.stringMatching(/^Kill job-0000001 .*\nYes, said Ada\.$/),
    ]);
    expect(buttonsOf({ message: pressed[0]! })).toEqual([]);
    expect(words(last!)).toMatch(/^Killed job-0000001/);
  });

  it('where it was asked, if what was pressed cannot be edited', async () => {
    await running();
    const { yes, asked } = await askKill();
    await watched({ kind: 'options', command: yes.command, options: yes.options }, ADA);
    await eventually('it is closed', () => asked.length > 0);
    expect(plainText(asked[0]!)).toMatch(/Yes, said Ada/);
  });

  it('after a restart too, with its words', async () => {
    await running();
    const { yes } = await askKill();
    await world.restart();
    const { pressed } = await press(yes);
    expect(plainText(pressed[0]!)).toMatch(/^Kill job-0000001 .*\nYes, said Ada\.$/);
  });

  it('when it expires; a press on it then says so in its place', async () => {
    await running({ timings: { questions: { openMs: 30 } } });
    const { yes, asked } = await askKill();
    await eventually('it has expired', () => asked.length > 0);
    expect(plainText(asked[0]!)).toMatch(
      /^Kill job-0000001 .*\nIt has expired unanswered .*Run the command again/,
    );
    expect(buttonsOf({ message: asked[0]! })).toEqual([]);
    const { pressed, replies } = await press(yes);
    expect(pressed.map((message) => plainText(message))).toEqual([
      expect.stringMatching(/^This question has expired.*Run the command again\.$/),
    ]);
    expect(replies).toEqual([]);
    expect(world.queue.snapshot()!.running).toEqual(['job-0000001']);
  });

  it('when its job ends meanwhile, whoever ended it', async () => {
    await running();
    const [bobs, adas] = [await askKill(BOB), await askKill(ADA)];
    await press(adas.yes);
    await eventually('it is closed', () => bobs.asked.length > 0);
    expect(plainText(bobs.asked[0]!)).toMatch(/job-0000001 has ended meanwhile/);
    expect(adas.asked).toEqual([]);
  });

  it('for nobody who was not asked', async () => {
    await running();
    const { yes, asked } = await askKill(ADA);
    const { pressed, last } = await press(yes, BOB);
    expect([pressed, asked]).toEqual([[], []]);
    expect(words(last!)).toMatch(/put to somebody else/);
    expect(words((await press(yes, ADA)).last!)).toMatch(/^Killed/);
  });
});

describe('Refresh', () => {
  it('shows the answer in place of what was pressed, and says nothing else', async () => {
    await running();
    const status = await watched({ kind: 'text', words: 'status' }, ADA);
    expect(buttonsOf(status.last!)).toContainEqual(REFRESH);
    const { pressed, replies } = await press(REFRESH);
    expect([pressed.length, replies]).toEqual([1, []]);
    expect(plainText(pressed[0]!)).toMatch(/Running job-0000001/);
  });

  it('answers beside it where that cannot be edited, and where somebody may not', async () => {
    await running();
    const stranger = { id: 'web:x', name: 'Xi', role: null };
    const refused = await press(REFRESH, stranger);
    expect([refused.pressed, refused.last!.ok]).toEqual([[], false]);
    const replies: Reply[] = [];
    const gone = () => Promise.reject(new Error('message_not_found'));
    await world.bot().app.handlers.invoke(
      {
        adapter: 'web',
        channel: 'queue',
        person: ADA,
        input: { kind: 'options', command: 'status', options: {} },
        press: { kind: 'button', id: 'm1', edit: gone },
      },
      async (reply) => {
        replies.push(reply);
        return undefined;
      },
    );
    expect(replies.map((reply) => words(reply))).toEqual([expect.stringMatching(/Running job-0000001/)]);
  });
});
