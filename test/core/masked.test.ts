import { describe, expect, it } from 'vitest';
import type { AdapterHandlers, Invocation, Reply } from '../../src/core/adapter.ts';
import { createMask, maskMessage } from '../../src/core/masked.ts';
import { maskedHandlers } from '../../src/core/masked-ports.ts';
import type { Message } from '../../src/core/message.ts';
import { createValueMask } from '../../src/core/own-secrets.ts';
import { cpuMs } from '../helpers.ts';

const OWN = 'correct horse/battery+staple?';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('what the bot itself holds', () => {
  const mask = createValueMask([OWN, 'short', 'disabled'], '(hidden)');

  it('is hidden wherever it stands, and in whatever way it is written', () => {
    for (const text of [
      `it is ${OWN}, here`,
      `x=${encodeURIComponent(OWN)}&y=1`,
      `x=${encodeURIComponent(OWN).toLowerCase()}&y=1`,
      JSON.stringify({ it: OWN }),
      ...['', 'u', 'us', 'ada:'].flatMap((before) => [
        `sent ${base64(`${before}${OWN}`)}`,
        `sent ${Buffer.from(`${before}${OWN} and more`).toString('base64url')}`,
      ]),
    ]) {
      expect(mask(text)).toContain('(hidden)');
      for (const piece of ['battery', 'horse', base64(OWN).slice(8, 20)])
        expect(mask(text)).not.toContain(piece);
    }
  });

  it('is not looked for where it is a word, or too short to be told from one', () => {
    expect(mask('short and disabled')).toBe('short and disabled');
  });

  it('costs no more than the text is long, however many there are', () => {
    const many = createValueMask(
      Array.from({ length: 300 }, (_, index) => `${'a'.repeat(40)}${index}`),
      '(hidden)',
    );
    const cost = (length: number) => {
      const text = 'a'.repeat(length);
      const begin = cpuMs();
      many(text);
      return cpuMs() - begin;
    };
    cost(10_000);
    const [once, twice] = [cost(50_000), cost(100_000)];
    expect(twice).toBeLessThan(3 * once + 100);
  });
});

describe('a message', () => {
  const secret = `ghp_${'a1'.repeat(18)}`;
  const mask = createMask([OWN]);

  it('has its words without secrets, and its buttons do what they did', () => {
    const message: Message = {
      blocks: [
        { kind: 'heading', text: ['of ', { bold: secret }] },
        { kind: 'text', text: [{ code: secret }, { link: `https://x/?token=${secret}`, label: secret }] },
        { kind: 'fields', fields: [{ name: 'api_key', value: { code: 'hunter2' } }] },
        { kind: 'progress', label: OWN, fraction: 0.5 },
        {
          kind: 'table',
          columns: [secret, 'from'],
          rows: [
            ['wandb.api_key', 'hunter2'],
            ['lr', '0.1'],
          ],
        },
        { kind: 'code', text: `password=${secret}` },
        { kind: 'image', image: { file: 'a.png' }, alt: secret, width: 1, height: 1 },
        { kind: 'file', file: { file: 'b.txt' }, name: `${secret}.txt`, bytes: 3 },
        { kind: 'buttons', buttons: [{ label: secret, command: 'queue', options: { about: secret } }] },
      ],
    };
    const masked = maskMessage(message, mask);
    const buttons = masked.blocks.at(-1) as { buttons: { options: object }[] };
    expect(buttons.buttons[0]!.options).toEqual({ about: secret });
    const words = JSON.stringify(masked.blocks.slice(0, -1));
    for (const piece of [secret, 'hunter2', OWN]) expect(words).not.toContain(piece);
    expect(words).toContain('"lr","0.1"');
  });

  it('keeps what acts or names something: keys of jobs, commits, hashes, cursors', () => {
    const text = [
      'gpu1/job-0000007@1795446972.123',
      '3f786850e387550fdab836ed7e6dc881de23001b',
      '45c01b112b300c4031a4ad9e0abeb1af.txt',
      '1795446972123-42',
    ].join(' ');
    const message: Message = { blocks: [{ kind: 'text', text }] };
    expect(maskMessage(message, mask)).toEqual(message);
  });
});

describe("an answer's data", () => {
  it('holds no secret, and is looked through with pauses however long it is', async () => {
    const secret = `ghp_${'a1'.repeat(18)}`;
    const lines = Array.from({ length: 2_000 }, () => 'loss=0.25 token=abc123def '.repeat(70));
    const answer: Reply = {
      message: { blocks: [] },
      visibility: 'private',
      ok: true,
      final: true,
      data: { lines: [...lines, secret], api_key: 'hunter2' },
    };
    const answering = { invoke: async (_asked, give) => void (await give(answer)) } as Pick<
      AdapterHandlers,
      'invoke'
    >;
    let given: unknown;
    let turns = 0;
    const turn = setInterval(() => {
      turns += 1;
    }, 0);
    const { invoke } = maskedHandlers(answering as AdapterHandlers, createMask([]));
    await invoke({} as Invocation, async ({ data }) => {
      given = data;
    });
    clearInterval(turn);
    const text = JSON.stringify(given);
    for (const piece of [secret, 'hunter2', 'abc123def']) expect(text).not.toContain(piece);
    expect((given as { lines: string[] }).lines).toHaveLength(2_001);
    expect(turns).toBeGreaterThan(5);
  });
});
