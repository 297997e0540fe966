import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdapterKind } from '../../adapters/kind.ts';
import { failureReply } from '../../src/chat/failure.ts';
import type { Invocation } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/patience.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { eventually } from '../helpers.ts';
import { HOSTILE } from '../hostile.ts';
import { quietLog } from '../recorded.ts';
import {
  ADA,
  type AdapterHarness,
  type AdapterWorld,
  answer,
  createHouse,
  type House,
  png,
  type Shown,
  TELL,
} from './adapter-harness.ts';

const BUTTON: Message = {
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

/** Characters of no width keep words from acting; a reader does not see them. */
const withoutWidth = (text: string) => text.replaceAll('\u200b', '');

/** What each adapter does: `yes`, or why not, by behaviour and adapter. */
export type Done = Record<string, Record<string, string>>;

/** What is said by itself needs of whoever has channels; nothing of it may be missing there. */
const NEEDED_BY_CHANNELS = [
  'posts a message',
  'edits it in place',
  'has a thread below a message',
  'gives a long text whole',
  'finds by its key what was sent when the answer was lost',
  'lets nothing that people wrote act',
  'goes on after a restart with the same database',
  'says of a message that is gone that it is gone',
];

/** Holds an adapter to what every adapter does, as far as its platform can; notes in `done` what it does. */
export function adapterContract(kind: AdapterKind, harness: AdapterHarness, done: Done = {}): void {
  describe(`an adapter to ${kind.name}`, () => adapterBehaviours(kind, harness, done));
}

function adapterBehaviours(kind: AdapterKind, harness: AdapterHarness, done: Done): void {
  let house: House;
  let world: AdapterWorld;

  beforeEach(async () => {
    house = createHouse();
    world = await harness.open(house);
  });
  afterEach(async () => {
    await world.stop();
    house.db.close();
  });

  const post = (message: Message, key: string, thread?: MessageRef) =>
    world.adapter.post({ channel: world.channel, ...(thread ? { thread } : {}) }, message, key);
  const only = async (): Promise<Shown> => {
    const shown = await world.timeline();
    expect(shown).toHaveLength(1);
    return shown[0]!;
  };

  const known: string[] = [];

  it('goes by the name of its entry', () => {
    expect(world.adapter.name).toBe(kind.name);
  });

  it('has all that its channels need, and gives a reason for what it has not', () => {
    expect(kind.channels ? NEEDED_BY_CHANNELS.filter((each) => harness.missing[each]) : []).toEqual([]);
    expect(Object.keys(harness.missing).filter((each) => !known.includes(each))).toEqual([]);
  });

  function behaves(behaviour: string, test: () => Promise<void>): void {
    known.push(behaviour);
    const lacking = harness.missing[behaviour];
    it.skipIf(lacking !== undefined)(behaviour, async () => {
      await test();
      note(behaviour, 'yes');
    });
    if (lacking !== undefined) note(behaviour, lacking);
  }

  function note(behaviour: string, how: string): void {
    done[behaviour] = { ...done[behaviour], [kind.name]: how };
  }

  behaves('posts a message', async () => {
    await post(textMessage('hello'), 'k1');
    expect((await only()).text).toContain('hello');
  });

  behaves('edits it in place', async () => {
    const ref = await post(textMessage('one'), 'k1');
    await world.adapter.update(ref, textMessage('two'), { key: 'k1' });
    const shown = await only();
    expect(shown.text).toContain('two');
    expect(shown.text).not.toContain('one');
    expect(shown.id).toBe(ref.id);
  });

  behaves('has a thread below a message', async () => {
    const ref = await post(textMessage('card'), 'k1');
    const thread = await world.adapter.openThread(ref, 'job-0000007');
    expect(await world.adapter.openThread(ref, 'job-0000007')).toEqual(thread);
    await post(textMessage('first'), 'k2', thread);
    await post(textMessage('second'), 'k3', thread);
    expect((await world.thread(thread)).map(({ text }) => text)).toEqual([
      expect.stringContaining('first'),
      expect.stringContaining('second'),
    ]);
    await only();
  });

  behaves('shows an image, and another in its place', async () => {
    const image = async (number: number): Promise<Message> => ({
      blocks: [
        { kind: 'text', text: `version ${number}` },
        { kind: 'image', image: await house.save(png(number), 'png'), alt: 'loss', width: 1, height: 1 },
      ],
    });
    const ref = await post(await image(1), 'k1');
    expect((await only()).images).toBe(1);
    await world.adapter.update(ref, await image(2), { key: 'k1' });
    await world.adapter.update(ref, { ...(await image(2)), tone: 'good' }, { key: 'k1' });
    const shown = await only();
    expect([shown.images, shown.text]).toEqual([1, expect.stringContaining('version 2')]);
    await world.adapter.update(ref, textMessage('no picture'), { key: 'k1' });
    expect((await only()).images).toBe(0);
  });

  behaves('gives a file', async () => {
    const file = await house.save(Buffer.from('a,b\r\n1,2\r\n'), 'csv');
    house.answers.push((_asked, reply) =>
      reply(answer({ blocks: [{ kind: 'file', file, name: 'experiment_log.csv', bytes: 10 }] }, 'private')),
    );
    await world.command('tell x');
    const files = await eventually('the file', async () => {
      const found = (await world.privately()).flatMap((shown) => shown.files);
      return found.length > 0 && found;
    });
    expect(files).toEqual([{ name: 'experiment_log.csv', text: 'a,b\r\n1,2\r\n' }]);
  });

  behaves('takes a button as a command with its options', async () => {
    await post(BUTTON, 'k1');
    await world.press('timeline', 'Do it');
    const [asked] = await eventually('the press', () => house.asked.length > 0 && house.asked);
    expect(asked).toMatchObject({
      adapter: world.adapter.name,
      person: ADA,
      input: { kind: 'options', command: 'tell', options: { text: 'pressed', job: 'vm/job-0000007@1' } },
    });
    expect(asked!.thread).toEqual({ channel: world.channel, id: (await world.timeline())[0]!.id });
  });

  behaves('does once what is pressed or sent twice, over a restart too', async () => {
    const done: Invocation[] = [];
    const deed = pressedOnce(house, done);
    house.answers.push(deed, deed, deed, deed, deed);
    const answered = (count: number) => eventually('the answers', () => house.answers.length === 5 - count);
    const ref = await post(BUTTON, 'k1');
    await world.press('timeline', 'Do it');
    await answered(1);
    await world.press('timeline', 'Do it');
    await answered(2);
    expect(done).toHaveLength(1);
    await eventually('who did it', async () =>
      (await world.privately()).some(({ text }) => /You pressed this \d+ s ago: Done: deed 1/.test(text)),
    );
    await world.restart();
    await world.press('timeline', 'Do it');
    await answered(3);
    expect([done.length, done[0]!.thread?.id]).toEqual([1, ref.id]);
    if (harness.missing['fills a form'] !== undefined) return;
    const form = await world.openForm('Ask');
    await Promise.all([form.fill({ text: 'one' }), form.fill({ text: 'one' })]);
    await answered(5);
    expect(done).toHaveLength(2);
  });

  behaves('asks before what cannot be taken back', async () => {
    house.answers.push((_asked, reply) =>
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
    await world.command('kill 7');
    await eventually('the question', async () =>
      (await world.privately()).some(({ text }) => text.includes('Really?')),
    );
    await world.press('private', 'Kill');
    await eventually('the yes', () => house.asked.length === 2);
    expect(house.asked[1]!.input).toEqual({ kind: 'options', command: 'confirm', options: { token: 't0' } });
  });

  /** Asks Ada alone, with a button whose answer stands in place of the question. */
  async function askAlone(): Promise<void> {
    const yes = { label: 'Kill', command: 'confirm', options: { token: 't0' }, replaces: true };
    const blocks: Message['blocks'] = [
      { kind: 'text', text: 'Really?' },
      { kind: 'buttons', buttons: [yes] },
    ];
    house.answers.push((_asked, reply) => reply(answer({ blocks }, 'private')));
    await world.command('kill 7');
    await eventually('the question', async () =>
      (await world.privately()).some(({ text }) => text.includes('Really?')),
    );
  }
  const closed = () =>
    eventually('the closed question', async () => {
      const shown = await world.privately();
      return shown.some(({ text }) => text.includes('It is closed')) && shown;
    });

  behaves('closes a question in its own place when it is answered', async () => {
    await askAlone();
    house.answers.push(async (asked, reply) => {
      await asked.press!.edit!(textMessage('It is closed'));
      await reply(answer(textMessage('killed it'), 'public'));
    });
    await world.press('private', 'Kill');
    const shown = await closed();
    expect(shown.map(({ text, buttons }) => [text.includes('Really?'), buttons])).toEqual([[false, []]]);
    await eventually('the answer', async () =>
      (await world.timeline()).some(({ text }) => text.includes('killed it')),
    );
  });

  behaves('closes a question in its own place that nobody has pressed', async () => {
    await askAlone();
    await house.edits.at(-1)!(textMessage('It is closed'));
    const shown = await closed();
    expect(shown.map(({ text, buttons }) => [text.includes('Really?'), buttons])).toEqual([[false, []]]);
  });

  behaves('shows what a button refreshes in its place', async () => {
    const card = (text: string): Message => ({
      blocks: [
        { kind: 'text', text },
        {
          kind: 'buttons',
          buttons: [{ label: 'Refresh', command: 'tell', options: { text: 'x' }, replaces: true }],
        },
      ],
    });
    const ref = await post(card('at nine'), 'k1');
    const before = (await world.privately()).length;
    for (const time of ['at ten', 'at eleven']) {
      house.answers.push((asked) => asked.press!.edit!(card(time)));
      await world.press('timeline', 'Refresh');
      await eventually(time, async () => (await only()).text.includes(time));
    }
    const shown = await only();
    expect([shown.id, shown.text.includes('at nine'), shown.buttons]).toEqual([ref.id, false, ['Refresh']]);
    expect(await world.privately()).toHaveLength(before);
  });

  behaves('fills a form', async () => {
    await post(BUTTON, 'k1');
    const form = await world.openForm('Ask');
    expect(form.fields).toEqual(['text', 'mood']);
    await form.fill({ text: 'one\ntwo', mood: 'glad' });
    await eventually('the form', () => house.asked.length > 0);
    expect(house.asked[0]!.input).toEqual({
      kind: 'options',
      command: 'tell',
      options: { text: 'one\ntwo', mood: 'glad' },
    });
  });

  behaves('answers the asker alone', async () => {
    house.answers.push((_asked, reply) => reply(answer(textMessage('for you'), 'private')));
    await world.command('tell x');
    await eventually('the answer', async () =>
      (await world.privately()).some(({ text }) => text.includes('for you')),
    );
    expect(await world.timeline()).toEqual([]);
  });

  behaves('answers everybody, and edits that answer', async () => {
    house.answers.push(async (_asked, reply) => {
      await reply(answer(textMessage('launching'), 'public', false));
      await reply(answer(textMessage('queued job-0000007'), 'public'));
    });
    await world.command('tell x');
    const answers = await eventually('the answer', async () => {
      const shown = (await world.timeline()).filter(({ text }) => !/^\/xax tell x\s*$/.test(text));
      return shown.some(({ text }) => text.includes('queued job-0000007')) && shown;
    });
    expect(answers).toHaveLength(1);
    expect(answers[0]!.text).not.toContain('launching');
  });

  /** What stands of the answers in the end, wherever; in the timeline the web shows what was asked too. */
  const standing = async () => {
    const all = [...(await world.timeline()), ...(await world.privately())].map(({ text }) => text);
    return all.filter((text) => /launching|starting|queued|no such job|went wrong/.test(text));
  };

  behaves('gives the answers of one command in order, once', async () => {
    for (const visibility of ['public', 'private'] as const) {
      const before = await standing();
      let isDone = false;
      house.answers.push(async (_asked, reply) => {
        void reply(answer(textMessage('launching'), visibility, false));
        void reply(answer(textMessage('starting'), visibility, false));
        await reply(answer(textMessage(`queued ${visibility}`), visibility));
        isDone = true;
      });
      await world.command('tell x');
      await eventually('the answer', async () => isDone && (await standing()).length > before.length);
      expect(await standing()).toHaveLength(before.length + 1);
      expect((await standing()).join()).toContain(`queued ${visibility}`);
    }
    expect((await standing()).join()).not.toMatch(/launching|starting/);
  });

  behaves('keeps what was done apart from its answer, which is given once all the same', async () => {
    for (const visibility of ['public', 'private'] as const) {
      world.failAnswers();
      let isDone = false;
      house.answers.push(async (_asked, reply) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await reply(answer(textMessage(`queued ${visibility}`), visibility));
        isDone = true;
      });
      await world.command('tell x');
      await eventually('it is done', () => isDone, 20_000);
      const late = house.late.map(({ message }) => JSON.stringify(message));
      const all = [...(await standing()), ...late];
      expect(all.filter((text) => text.includes(`queued ${visibility}`))).toHaveLength(1);
      expect(all.join()).not.toContain('went wrong');
    }
  });

  behaves('refuses to the asker alone', async () => {
    const { length } = await world.timeline();
    house.answers.push((_asked, reply) =>
      reply({ ...answer(textMessage('no such job'), 'private'), ok: false, errorCode: 'unknown-job' }),
    );
    await world.command('tell x').catch(() => {});
    await eventually('the refusal', async () =>
      (await world.privately()).some(({ text }) => text.includes('no such job')),
    );
    expect(await world.timeline()).toHaveLength(length);
  });

  behaves('gives a long text whole', async () => {
    const lines = Array.from({ length: 1_500 }, (_, index) => `line ${index}: ${'x'.repeat(20)}`);
    const message: Message = {
      blocks: [
        { kind: 'heading', text: 'Log' },
        { kind: 'code', text: lines.join('\n') },
        { kind: 'text', text: 'below' },
      ],
    };
    const ref = await post(message, 'k1');
    const shown = await eventually('the message', async () => {
      const [first] = await world.timeline();
      const below = await world.thread(ref);
      const files = [...(first?.files ?? []), ...below.flatMap((each) => each.files)];
      return first && (first.text.includes('line 700') || files.length > 0) && { ...first, files };
    });
    expect(shown.text).toContain('below');
    expect(shown.text).toContain('line 1499');
    const whole = shown.text.includes('line 0:') ? shown.text : shown.files.map(({ text }) => text).join('');
    for (const index of [0, 700, 1_499]) expect(whole).toContain(`line ${index}: x`);
  });

  behaves('finds by its key what was sent when the answer was lost', async () => {
    await post(textMessage('before'), 'k0');
    const since = Date.now();
    world.loseNextAnswer();
    await expect(post(textMessage('once'), 'k1')).rejects.toMatchObject({ outcome: 'doubtful' });
    const target = { channel: world.channel };
    const found = await world.adapter.findByKey(target, 'k1', since);
    expect(found?.id).toBe((await world.timeline()).at(-1)!.id);
    expect(await world.adapter.findByKey(target, 'k2', since)).toBeUndefined();
    const thread = await world.adapter.openThread(found!, 'job');
    world.loseNextAnswer();
    await expect(post(textMessage('reply'), 'k3', thread)).rejects.toMatchObject({ outcome: 'doubtful' });
    const inThread = await world.adapter.findByKey({ ...target, thread }, 'k3', since);
    expect(inThread?.id).toBe((await world.thread(thread)).at(-1)!.id);
  });

  behaves('lets nothing that people wrote act', async () => {
    for (const [index, text] of HOSTILE.entries()) {
      const ref = await post(
        {
          blocks: [
            { kind: 'heading', text: text.slice(0, 100) },
            { kind: 'text', text: [text, { bold: text }, ' ', { code: text }] },
            { kind: 'fields', fields: [{ name: 'hypothesis', value: text }] },
            { kind: 'table', columns: ['tag'], rows: [[text]] },
            { kind: 'code', text },
          ],
        },
        `k${index}`,
      );
      const edited = textMessage([text, ' edited']);
      await withPatience(() => world.adapter.update(ref, edited, { key: `k${index}` }));
      const shown = (await world.timeline()).at(-1)!;
      expect(shown.acted, text).toEqual({ notified: [], links: [], formatting: [] });
      expect(withoutWidth(shown.text), text).toContain(withoutWidth(text).trim().split('\n')[0]!);
    }
  });

  behaves('tells whom it means, and nobody else', async () => {
    await post(
      textMessage(['It failed. ', { mention: 'ada', name: 'Ada' }, { mention: 'bob', name: 'Bob' }]),
      'k1',
    );
    const shown = await only();
    expect(shown.acted.notified).toHaveLength(1);
    expect(shown.text).toContain('@Bob'.slice(1));
  });

  behaves('goes on after a restart with the same database', async () => {
    const ref = await post(BUTTON, 'k1');
    await world.restart();
    await world.adapter.update(ref, { ...BUTTON, tone: 'good' }, { key: 'k1' });
    if (harness.missing['takes a button as a command with its options'] === undefined) {
      await world.press('timeline', 'Do it');
      await eventually('the press', () => house.asked.length > 0);
      expect(house.asked[0]!.input).toMatchObject({ command: 'tell', options: { text: 'pressed' } });
    }
    expect(await world.adapter.findByKey({ channel: world.channel }, 'k1', Date.now() - 60_000)).toEqual(ref);
    await only();
  });

  behaves('says of a message that is gone that it is gone', async () => {
    const target = { channel: world.channel };
    const missing = {
      channel: world.channel,
      id: world.unknownId,
    };
    await expect(world.adapter.update(missing, textMessage('x'), { key: 'k1' })).rejects.toMatchObject({
      outcome: 'gone',
    });
    await expect(world.adapter.post({ channel: 'nowhere' }, textMessage('x'), 'k2')).rejects.toMatchObject({
      name: 'DeliveryError',
    });
    await world.adapter.post(target, textMessage('and goes on'), 'k3');
    expect((await only()).text).toContain('and goes on');
  });
}

/** Does something public, once for each press, and tells whoever presses again. */
function pressedOnce({ presses }: House, done: Invocation[]): House['answers'][number] {
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

/** What every adapter does, as a table. */
export function contractTable(done: Done, names: readonly string[]): string {
  const width = Math.max(...Object.keys(done).map((each) => each.length));
  const line = (first: string, cells: string[]) =>
    [first.padEnd(width), ...cells.map((cell) => cell.padEnd(12))].join('  ').trimEnd();
  const rows = Object.entries(done).map(([behaviour, by]) =>
    line(
      behaviour,
      names.map((name) => by[name] ?? 'NO'),
    ),
  );
  return [line('adapters', [...names]), ...rows].join('\n');
}
