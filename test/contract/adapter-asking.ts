import { expect } from 'vitest';
import { failureReply } from '../../src/chat/failure.ts';
import type { Invocation } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { ADA, type AdapterHarness, answer, type House, type Suite, TELL } from './adapter-harness.ts';

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

/** How an adapter takes what people ask, press and fill in. */
export function askingBehaviours(harness: AdapterHarness, at: Suite): void {
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
