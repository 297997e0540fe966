import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdapterKind } from '../../adapters/kind.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/patience.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { eventually } from '../helpers.ts';
import { HOSTILE } from '../hostile.ts';
import { answeringBehaviours } from './adapter-answering.ts';
import { askingBehaviours, BUTTON } from './adapter-asking.ts';
import {
  type AdapterHarness,
  type AdapterWorld,
  createHouse,
  type House,
  png,
  type Shown,
} from './adapter-harness.ts';

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

  const suite = { behaves, post, only, house: () => house, world: () => world };
  askingBehaviours(harness, suite);
  answeringBehaviours(suite);

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
