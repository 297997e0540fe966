import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { createAnswers } from '../../src/chat/answers.ts';
import { DeliveryError, type Reply } from '../../src/core/adapter.ts';
import { defineCommand } from '../../src/core/command.ts';
import { textMessage } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/patience.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { enterWeb } from '../bot.ts';
import { answer } from '../contract/adapter-harness.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { CLAUDE, type ToyBot, toyBot, words } from '../toy-bot.ts';

const ADA = { id: 'ada', name: 'Ada', role: 'operator' as const };
const ASKED = { adapter: 'web', channel: 'queue', person: ADA, input: { kind: 'text' as const, words: 'x' } };

/** An adapter that answers so, and what it is not able to give. */
function answering(give: (reply: Reply) => Promise<void>) {
  const late: string[] = [];
  const { answersTo, handOver } = createAnswers({
    late: (_asked, { message }) => late.push(plainText(message)) > 0,
    log: quietLog,
  });
  return { late, handOver, reply: answersTo(ASKED, give) };
}

describe('the answers of one command', () => {
  const interim = (text: string) => answer(textMessage(text), 'public', false);
  const last = (text: string) => answer(textMessage(text), 'public');

  it('go out one after the other, the newest of those that wait, and nothing after the last', async () => {
    const given: string[] = [];
    let underWay = 0;
    const { reply } = answering(async ({ message }) => {
      underWay += 1;
      expect(underWay).toBe(1);
      // The first takes longest, as a new message does beside an edit.
      await new Promise((resolve) => setTimeout(resolve, given.length === 0 ? 20 : 1));
      given.push(plainText(message));
      underWay -= 1;
    });
    for (const text of ['one', 'two', 'three']) void reply(interim(text));
    await new Promise((resolve) => setTimeout(resolve, 5));
    void reply(interim('four'));
    await reply(last('five'));
    await reply(last('six'));
    await reply(interim('seven'));
    expect(given).toEqual(['one', 'five']);
  });

  it('are given another way when their adapter cannot give the last one, and reject for nothing', async () => {
    const { reply, late } = answering(async () => {
      throw new Error('503');
    });
    await reply(interim('launching'));
    await reply(last('queued'));
    expect(late).toEqual(['queued']);
  });

  it('of somebody who has gone, as from a closed terminal, are one quiet line of the log', async () => {
    const lines: unknown[][] = [];
    const heard = (level: string) => (about: object, words?: string) =>
      void lines.push([level, about, words]);
    const log = { ...quietLog, info: heard('info'), warn: heard('warn'), error: heard('error') };
    const { answersTo } = createAnswers({ late: () => false, log });
    await answersTo(ASKED, async () => {
      throw new DeliveryError('gone', 'whoever asked has hung up');
    })(last('queued'));
    const about = { error: 'whoever asked has hung up', adapter: 'web', person: 'ada' };
    expect(lines).toEqual([['info', about, 'whoever asked has gone before the answer']]);
  });
});

describe('what waits to be answered when the process ends', () => {
  const queued = answer(textMessage('queued'), 'public');

  it('behind an interim answer that hangs is handed over, and not given after all', async () => {
    const given: string[] = [];
    let goOn = () => {};
    const { reply, late, handOver } = answering(async ({ message }) => {
      given.push(plainText(message));
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    });
    void reply(answer(textMessage('launching'), 'public', false));
    const ended = reply(queued);
    await handOver();
    expect(late).toEqual(['queued']);
    goOn();
    await ended;
    expect(given).toEqual(['launching']);
  });

  it('and arrives meanwhile is given once', async () => {
    const { reply, late, handOver } = answering(async ({ ending }) => {
      expect(ending?.aborted).toBe(false);
      await new Promise((resolve) => ending!.addEventListener('abort', () => setTimeout(resolve, 20)));
    });
    void reply(queued);
    await handOver();
    expect(late).toEqual([]);
  });

  it('is tried no more by its adapter', async () => {
    let tries = 0;
    const { reply, late, handOver } = answering(({ ending }) =>
      withPatience(
        async () => {
          tries += 1;
          throw new DeliveryError('doubtful', 'no answer');
        },
        { ending },
      ),
    );
    void reply(queued);
    await eventually('a try', () => tries > 0);
    await handOver();
    expect([late, tries]).toEqual([['queued'], 1]);
  });
});

describe('an answer that nobody took before the end of the process', () => {
  it('is given by the next one, once', async () => {
    let world = await toyBot({
      timings: { app: { stopWaitMs: 100, partStopMs: 20_000, allStopMs: 60_000 } },
    });
    const { handlers } = world.bot().app;
    let refuse = (_error: Error) => {};
    const never = () =>
      new Promise<undefined>((_resolve, reject) => {
        refuse = reject;
      });
    const asked = handlers.invoke({ ...ASKED, input: { kind: 'text', words: 'status' } }, never);
    await world.stop();
    refuse(new Error('503'));
    await asked;
    world = await toyBot({ folder: world.folder });
    const late = await eventually('a late answer', async () => {
      const found = (await world.channel('dm:ada')).filter(({ text }) => text.includes('The late answer to'));
      return found.length > 0 && found;
    });
    expect(late).toHaveLength(1);
    await world.stop();
  });

  it('is given where a page that has gone finds it', async () => {
    const world = await toyBot({ commands: [...COMMANDS, slow] });
    const page = await enterWeb(world.bot(), 'ada');
    const hangsUp = new AbortController();
    const asked = page.postTo('api/say', { channel: 'queue', text: '/xax slow' }, { signal: hangsUp.signal });
    await eventually('it runs', () => isRunning);
    hangsUp.abort();
    await expect(asked).rejects.toThrow();
    await eventually('the late answer', async () =>
      (await world.channel('dm:ada')).some(({ text }) => text.includes('slowly done')),
    );
    await world.stop();
  });

  let isRunning = false;
  const slow = defineCommand({
    name: 'slow',
    group: 'The queue',
    summary: 'Takes its time',
    examples: [],
    options: {},
    role: 'viewer',
    visibility: 'private',
    changes: false,
    async run() {
      isRunning = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return {};
    },
    view: () => textMessage('slowly done'),
  });
});

describe('what was done', () => {
  let world: ToyBot;
  let breaks: 'progress' | 'answer' = 'answer';
  /** Does something, and cannot say so. */
  const mumble = defineCommand({
    name: 'mumble',
    group: 'The queue',
    summary: 'Does something and mumbles',
    examples: [],
    options: {},
    role: 'operator',
    visibility: 'public',
    changes: true,
    async run(_options, { reply }) {
      reply.progress('progress');
      return 'answer';
    },
    view(data) {
      if (data === breaks) throw new TypeError('mumble, mumble');
      return textMessage('well done');
    },
  });
  const outcomes = (name: string) =>
    world.audit().flatMap(({ command, outcome }) => (command === name ? [outcome] : []));

  beforeEach(async () => {
    world = await toyBot({ commands: [...COMMANDS, mumble] });
  });
  afterEach(() => world.stop());

  it('is done whatever becomes of its answer, which is given later, in the channel or to the asker alone', async () => {
    const replies: string[] = [];
    const refuse = async (reply: Reply) => {
      replies.push(words(reply));
      throw new Error('503');
    };
    const { handlers } = world.bot().app;
    await handlers.invoke({ ...ASKED, input: { kind: 'text', words: 'queue toy' } }, refuse);
    await handlers.invoke({ ...ASKED, input: { kind: 'text', words: 'status' } }, refuse);
    expect(replies.join('\n')).not.toMatch(/went wrong/);
    expect(outcomes('queue')).toEqual(['done']);
    await handlers.invoke({ ...ASKED, input: { kind: 'text', words: 'note 1 looks good' } }, refuse);
    const late = (channel: string, asked: string) =>
      eventually(`a late answer in ${channel}`, async () => {
        const found = (await world.channel(channel)).map(({ text }) => text.replace(/\s+/g, ' '));
        return found.find((text) => text.includes(`The late answer to ${asked}`));
      });
    expect(await late('dm:ada', '/xax queue toy')).toMatch(/^Queued job-0000001/);
    expect(await late('dm:ada', '/xax status')).toContain('Queue g1');
    expect(await late('queue', '/xax note 1')).toMatch(/^job-0000001: note by Ada: looks good/);
  });

  it('is done though its answer cannot be made, and is said to have ended', async () => {
    breaks = 'answer';
    const reply = await world.ask('mumble');
    expect([reply.ok, words(reply)]).toEqual([
      true,
      expect.stringMatching(/has ended, but its answer cannot/),
    ]);
    breaks = 'progress';
    expect(words(await world.ask('mumble'))).toContain('well done');
    expect(outcomes('mumble')).toEqual(['done', 'done']);
  });

  it('is done though nothing more can be written down', async () => {
    world
      .bot()
      .app.parts.db.exec(
        `CREATE TRIGGER full BEFORE INSERT ON audit WHEN NEW.attempt > 0 BEGIN SELECT RAISE(FAIL, 'full'); END`,
      );
    breaks = 'progress';
    expect(words(await world.ask('mumble'))).toContain('well done');
  });

  it('by approval is told as it ended, though that cannot be written down', async () => {
    const { proposal } = (await world.ask('queue toy', CLAUDE)).data as { proposal: number };
    world.bot().app.parts.db.exec(
      `CREATE TRIGGER full BEFORE UPDATE OF outcome ON proposals WHEN NEW.outcome IS NOT NULL
       BEGIN SELECT RAISE(FAIL, 'full'); END`,
    );
    const reply = await world.ask(`approve ${proposal}`);
    expect([reply.ok, words(reply)]).toEqual([true, expect.stringContaining('is done')]);
  });

  it('is for everybody, and what was refused for the asker alone', async () => {
    const job = await world.enqueue(60);
    const waiting = await world.enqueue(60);
    const later = (await world.ask('note 2 later')).visibility;
    const refused = await world.ask(`cancel ${job.jobId}`);
    expect(later).toBe('public');
    expect([refused.ok, refused.visibility]).toEqual([false, 'private']);
    expect(waiting.jobId).toContain('2');
    await world.clear();
  });
});
