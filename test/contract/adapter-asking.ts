import { expect } from 'vitest';
import { failureReply } from '../../src/chat/failure.ts';
import type { Invocation } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import {
  ADA,
  type AdapterHarness,
  type AdapterWorld,
  answer,
  type House,
  type Shown,
  TELL,
} from './adapter-harness.ts';

/** A card with a button and a form. */
export const BUTTON: Message = {
  blocks: [
    { kind: 'text', text: 'a card' },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Do it', command: 'tell', options: { text: 'pressed', job: 'vm/job-0000007@1' } },
        { label: 'Ask', command: 'tell', options: {}, form: true },
      ],
    },
  ],
};

/** What the suite gives to those of its behaviours that are about what people ask and are answered. */
interface Suite {
  behaves(behaviour: string, test: () => Promise<void>): void;
  post(message: Message, key: string): Promise<MessageRef>;
  only(): Promise<Shown>;
  house(): House;
  world(): AdapterWorld;
}

/** How an adapter takes what people ask, press and fill in, and gives them the answers. */
export function askingBehaviours(harness: AdapterHarness, at: Suite): void {
  at.behaves('gives a file', async () => {
    const file = await at.house().save(Buffer.from('a,b\r\n1,2\r\n'), 'csv');
    at.house().answers.push((_asked, reply) =>
      reply(answer({ blocks: [{ kind: 'file', file, name: 'experiment_log.csv', bytes: 10 }] }, 'private')),
    );
    await at.world().command('tell x');
    const files = await eventually('the file', async () => {
      const found = (await at.world().privately()).flatMap((shown) => shown.files);
      return found.length > 0 && found;
    });
    expect(files).toEqual([{ name: 'experiment_log.csv', text: 'a,b\r\n1,2\r\n' }]);
  });

  at.behaves('takes a button as a command with its options', async () => {
    await at.post(BUTTON, 'k1');
    await at.world().press('timeline', 'Do it');
    const [asked] = await eventually('the press', () => at.house().asked.length > 0 && at.house().asked);
    expect(asked).toMatchObject({
      adapter: at.world().adapter.name,
      person: ADA,
      input: { kind: 'options', command: 'tell', options: { text: 'pressed', job: 'vm/job-0000007@1' } },
    });
    expect(asked!.thread).toEqual({ channel: at.world().channel, id: (await at.world().timeline())[0]!.id });
  });

  at.behaves('does once what is pressed or sent twice, over a restart too', async () => {
    const done: Invocation[] = [];
    const deed = pressedOnce(at.house(), done);
    at.house().answers.push(deed, deed, deed, deed, deed);
    const answered = (count: number) =>
      eventually('the answers', () => at.house().answers.length === 5 - count);
    const ref = await at.post(BUTTON, 'k1');
    await at.world().press('timeline', 'Do it');
    await answered(1);
    await at.world().press('timeline', 'Do it');
    await answered(2);
    expect(done).toHaveLength(1);
    await eventually('who did it', async () =>
      (await at.world().privately()).some(({ text }) =>
        /You pressed this \d+ s ago: Done: deed 1/.test(text),
      ),
    );
    await at.world().restart();
    await at.world().press('timeline', 'Do it');
    await answered(3);
    expect([done.length, done[0]!.thread?.id]).toEqual([1, ref.id]);
    if (harness.missing['fills a form'] !== undefined) return;
    const form = await at.world().openForm('Ask');
    await Promise.all([form.fill({ text: 'one' }), form.fill({ text: 'one' })]);
    await answered(5);
    expect(done).toHaveLength(2);
  });

  at.behaves('asks before what cannot be taken back', async () => {
    at.house().answers.push((_asked, reply) =>
      reply(
        answer(
          {
            blocks: [
              { kind: 'text', text: 'Really?' },
              { kind: 'buttons', buttons: [{ label: 'Kill', command: 'confirm', options: { token: 't0' } }] },
            ],
          },
          'private',
        ),
      ),
    );
    await at.world().command('kill 7');
    await eventually('the question', async () =>
      (await at.world().privately()).some(({ text }) => text.includes('Really?')),
    );
    await at.world().press('private', 'Kill');
    await eventually('the yes', () => at.house().asked.length === 2);
    expect(at.house().asked[1]!.input).toEqual({
      kind: 'options',
      command: 'confirm',
      options: { token: 't0' },
    });
  });

  /** Asks Ada alone, with a button whose answer stands in place of the question. */
  async function askAlone(): Promise<void> {
    const yes = { label: 'Kill', command: 'confirm', options: { token: 't0' }, replaces: true };
    const blocks: Message['blocks'] = [
      { kind: 'text', text: 'Really?' },
      { kind: 'buttons', buttons: [yes] },
    ];
    at.house().answers.push((_asked, reply) => reply(answer({ blocks }, 'private')));
    await at.world().command('kill 7');
    await eventually('the question', async () =>
      (await at.world().privately()).some(({ text }) => text.includes('Really?')),
    );
  }
  const closed = () =>
    eventually('the closed question', async () => {
      const shown = await at.world().privately();
      return shown.some(({ text }) => text.includes('It is closed')) && shown;
    });

  at.behaves('closes a question in its own place when it is answered', async () => {
    await askAlone();
    at.house().answers.push(async (asked, reply) => {
      await asked.press!.edit!(textMessage('It is closed'));
      await reply(answer(textMessage('killed it'), 'public'));
    });
    await at.world().press('private', 'Kill');
    const shown = await closed();
    expect(shown.map(({ text, buttons }) => [text.includes('Really?'), buttons])).toEqual([[false, []]]);
    await eventually('the answer', async () =>
      (await at.world().timeline()).some(({ text }) => text.includes('killed it')),
    );
  });

  at.behaves('closes a question in its own place that nobody has pressed', async () => {
    await askAlone();
    await at.house().edits.at(-1)!(textMessage('It is closed'));
    const shown = await closed();
    expect(shown.map(({ text, buttons }) => [text.includes('Really?'), buttons])).toEqual([[false, []]]);
  });

  at.behaves('shows what a button refreshes in its place', async () => {
    const card = (text: string): Message => ({
      blocks: [
        { kind: 'text', text },
        {
          kind: 'buttons',
          buttons: [{ label: 'Refresh', command: 'tell', options: { text: 'x' }, replaces: true }],
        },
      ],
    });
    const ref = await at.post(card('at nine'), 'k1');
    const before = (await at.world().privately()).length;
    for (const time of ['at ten', 'at eleven']) {
      at.house().answers.push((asked) => asked.press!.edit!(card(time)));
      await at.world().press('timeline', 'Refresh');
      await eventually(time, async () => (await at.only()).text.includes(time));
    }
    const shown = await at.only();
    expect([shown.id, shown.text.includes('at nine'), shown.buttons]).toEqual([ref.id, false, ['Refresh']]);
    expect(await at.world().privately()).toHaveLength(before);
  });

  at.behaves('fills a form', async () => {
    await at.post(BUTTON, 'k1');
    const form = await at.world().openForm('Ask');
    expect(form.fields).toEqual(['text', 'mood']);
    await form.fill({ text: 'one\ntwo', mood: 'glad' });
    await eventually('the form', () => at.house().asked.length > 0);
    expect(at.house().asked[0]!.input).toEqual({
      kind: 'options',
      command: 'tell',
      options: { text: 'one\ntwo', mood: 'glad' },
    });
  });

  at.behaves('answers the asker alone', async () => {
    at.house().answers.push((_asked, reply) => reply(answer(textMessage('for you'), 'private')));
    await at.world().command('tell x');
    await eventually('the answer', async () =>
      (await at.world().privately()).some(({ text }) => text.includes('for you')),
    );
    expect(await at.world().timeline()).toEqual([]);
  });

  at.behaves('answers everybody, and edits that answer', async () => {
    at.house().answers.push(async (_asked, reply) => {
      await reply(answer(textMessage('launching'), 'public', false));
      await reply(answer(textMessage('queued job-0000007'), 'public'));
    });
    await at.world().command('tell x');
    const answers = await eventually('the answer', async () => {
      const shown = (await at.world().timeline()).filter(({ text }) => !/^\/xax tell x\s*$/.test(text));
      return shown.some(({ text }) => text.includes('queued job-0000007')) && shown;
    });
    expect(answers).toHaveLength(1);
    expect(answers[0]!.text).not.toContain('launching');
  });

  /** What stands of the answers in the end, wherever; in the timeline the web shows what was asked too. */
  const standing = async () => {
    const all = [...(await at.world().timeline()), ...(await at.world().privately())].map(({ text }) => text);
    return all.filter((text) => /launching|starting|queued|no such job|went wrong/.test(text));
  };

  at.behaves('gives the answers of one command in order, once', async () => {
    for (const visibility of ['public', 'private'] as const) {
      const before = await standing();
      let isDone = false;
      at.house().answers.push(async (_asked, reply) => {
        void reply(answer(textMessage('launching'), visibility, false));
        void reply(answer(textMessage('starting'), visibility, false));
        await reply(answer(textMessage(`queued ${visibility}`), visibility));
        isDone = true;
      });
      await at.world().command('tell x');
      await eventually('the answer', async () => isDone && (await standing()).length > before.length);
      expect(await standing()).toHaveLength(before.length + 1);
      expect((await standing()).join()).toContain(`queued ${visibility}`);
    }
    expect((await standing()).join()).not.toMatch(/launching|starting/);
  });

  at.behaves('keeps what was done apart from its answer, which is given once all the same', async () => {
    for (const visibility of ['public', 'private'] as const) {
      at.world().failAnswers();
      let isDone = false;
      at.house().answers.push(async (_asked, reply) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await reply(answer(textMessage(`queued ${visibility}`), visibility));
        isDone = true;
      });
      await at.world().command('tell x');
      await eventually('it is done', () => isDone, 20_000);
      const given = async () => {
        const late = at.house().late.map(({ message }) => JSON.stringify(message));
        return [...(await standing()), ...late];
      };
      const isThis = (text: string) => text.includes(`queued ${visibility}`);
      // It is given when it is done, or right after.
      await eventually('it is given', async () => (await given()).some(isThis), 20_000);
      const all = await given();
      expect(all.filter(isThis)).toHaveLength(1);
      expect(all.join()).not.toContain('went wrong');
    }
  });

  at.behaves('refuses to the asker alone', async () => {
    const { length } = await at.world().timeline();
    at.house().answers.push((_asked, reply) =>
      reply({ ...answer(textMessage('no such job'), 'private'), ok: false, errorCode: 'unknown-job' }),
    );
    await at
      .world()
      .command('tell x')
      .catch(() => {});
    await eventually('the refusal', async () =>
      (await at.world().privately()).some(({ text }) => text.includes('no such job')),
    );
    expect(await at.world().timeline()).toHaveLength(length);
  });
}

/** Does something public, once for each press, and tells whoever presses again. */
export function pressedOnce({ presses }: House, done: Invocation[]): House['answers'][number] {
  return async (asked, reply) => {
    try {
      const raw = { named: {}, assignments: {} };
      const press = presses.begin({ command: TELL, request: asked, raw, values: {}, threadJob: undefined });
      done.push(asked);
      const said = answer(textMessage(`Done: deed ${done.length}`), 'public');
      press!.done(said);
      await reply(said);
    } catch (error) {
      const { adapter, person } = asked;
      const deps = { log: quietLog, typing: { spell: (_adapter: string, words: string) => words } };
      await reply(failureReply(error, { adapter, asker: person.id }, deps));
    }
  };
}
