import { describe, expect, it } from 'vitest';
import { checkAssignments, commandText } from '../../src/launch/check.ts';
import { settingsIn } from '../../src/metrics/config-settings.ts';
import { commandWords } from '../../src/suggest/origin.ts';
import { realXax } from '../contract/xax-places.ts';
import {
  DECLARED,
  NUMBERS,
  OPEN,
  passed,
  type Read,
  readByXax,
  recorded,
  SPECIAL,
  settings,
  texts,
} from './settings-world.ts';

const all = settings();
const read = recorded();
const readOf = (fits: (each: (typeof all)[number]) => boolean) =>
  all.map((each, index) => ({ ...each, read: read[index]! })).filter(fits);
const heldBy = ([, , held]: Read) => held;

describe('a setting that was typed, read by xax', () => {
  it('is what the recording is of', () => {
    expect(read.map(([field, scalar]) => [field, scalar])).toEqual(
      all.map(({ field, scalar }) => [field, scalar]),
    );
    expect(texts()).toHaveLength(2_000);
  });

  it('is that text, if the preset says that it is one', () => {
    const given = readOf(({ isDeclared, field }) => isDeclared && (field === 'text' || field === 'maybe'));
    expect(given.map((each) => heldBy(each.read))).toEqual(given.map(({ typed }) => typed));
    expect(given.filter(({ field }) => field === 'text').length).toBeGreaterThan(1_700);
  });

  it('is that number, with every digit of a whole one', () => {
    const given = readOf(({ field }) => field === 'number');
    expect(given.map((each) => heldBy(each.read))).toEqual(given.map(({ typed }) => Number(typed) + 0));
    expect(given).toHaveLength(2 * NUMBERS.length);
    const whole = readOf(({ field }) => field === 'whole');
    expect(whole.map((each) => BigInt(each.read[3].slice('whole: '.length)))).toEqual(
      whole.map(({ typed }) => BigInt(typed.replace('+', ''))),
    );
  });

  it('is the same where the preset says nothing of it, but for true and false, which are no texts', () => {
    const given = readOf(({ isDeclared, field }) => !isDeclared && field === 'text');
    const expected = (typed: string) => typed.replace(/^true$/, 'True').replace(/^false$/, 'False');
    expect(given.map((each) => heldBy(each.read))).toEqual(given.map(({ typed }) => expected(typed)));
    expect(given.length).toBeGreaterThan(1_300);
    const flags = readOf(({ field }) => field === 'flag');
    expect(flags.map((each) => heldBy(each.read))).toEqual([true, false, true, false]);
  });

  it('is a number or a boolean where nobody says what it is, and it is written as both would', () => {
    const held = new Map(
      readOf(({ field }) => field === 'untyped').map((each) => [each.typed, heldBy(each.read)]),
    );
    expect(
      ['0.1', '-1', '1.0', 'true', 'False', 'off', 'y', '2026-11-23', '='].map((typed) => held.get(typed)),
    ).toEqual([0.1, -1, 1, true, false, undefined, 'y', '2026-11-23', '=']);
  });

  it('is shown in config.yaml as it was typed, and no two of them alike', () => {
    const given = readOf(({ isDeclared, field }) => isDeclared && field === 'text');
    const found = given.map((each) => settingsIn(each.read[3]));
    expect(found.map(({ settings: shown }) => shown.text)).toEqual(given.map(({ typed }) => typed));
    expect(new Set(found.map(({ values }) => values.text)).size).toBe(given.length);
    const numbers = readOf(({ field }) => field === 'number').map(({ read: [, , , yaml] }) =>
      settingsIn(yaml),
    );
    const texts = new Set(found.map(({ values }) => values.text));
    expect(numbers.filter(({ values }) => texts.has(values.number))).toEqual([]);
  });

  it('comes back from the command of the log as a shell parts it', () => {
    const given = texts().filter((text) => passed(DECLARED, 'text', text) !== null);
    const words = given.map((text) => commandWords(commandText(DECLARED, { text })).at(-1));
    expect(words).toEqual(given.map((text) => `text=${passed(DECLARED, 'text', text)}`));
  });

  const place = realXax();
  it.skipIf(!place)('is so with the xax that XAX_BIN names', async () => {
    const given = all.map(({ field, scalar }) => [field, scalar] as const);
    const live = await readByXax(place!.python, given);
    expect(live.map((each) => JSON.stringify(each))).toEqual(read.map((each) => JSON.stringify(each)));
  });
});

describe('a value that cannot be what was typed', () => {
  const told = (given: Record<string, string>, preset = OPEN): string => {
    try {
      return JSON.stringify(checkAssignments(preset, given));
    } catch (error) {
      const { message, hint } = error as Error & { hint: string };
      return `${message} ${hint}`;
    }
  };

  it.each([
    ['off', 'which YAML reads as a boolean'],
    ['Yes', 'which YAML reads as a boolean'],
    ['null', 'which YAML reads as null'],
    ['~', 'which YAML reads as null'],
    ['', 'which YAML reads as null'],
    ['010', 'which YAML and people read as different numbers'],
    ['08', 'which YAML and people read as different numbers'],
    ['0o17', 'which YAML and people read as different numbers'],
    ['0x1F', 'which YAML and people read as different numbers'],
    ['1_000', 'which YAML and people read as different numbers'],
    ['1:30', 'which YAML and people read as different numbers'],
    ['.inf', 'which YAML and people read as different numbers'],
    ['1e400', 'which is beyond the range of numbers'],
    ['[1, 2]', 'which YAML reads as a list or a mapping'],
    ['{lr: 1}', 'which YAML reads as a list or a mapping'],
    ['lr: 1', 'which YAML reads as a list or a mapping'],
    ['- 1', 'which YAML reads as a list or a mapping'],
    ["'off'", 'where it is unclear whether the quotes are part of it'],
    [' 1', 'with spaces around it'],
  ])('is refused for a key that is not declared: %j, %s', (value, why) => {
    expect(told({ extra: value })).toBe(
      `extra is "${value}", ${why}; accepted: a number in plain digits, true or false, or a text. To pass it as text, declare it in xaxbot.yaml: "extra: {type: text}" below the preset's options. Nothing was launched.`,
    );
    expect(passed(DECLARED, 'text', value)).not.toBeNull();
  });

  it('is taken for a text where it reads as one, whatever stands in it', () => {
    for (const value of ['12ab', '0a', '1.2.3', '2026-11-23', '=', '@x', '*.txt', 'a #b', 'y', 'None', '1,5'])
      expect(passed(OPEN, 'extra', value), value).not.toBeNull();
  });

  it('is refused where it is longer than a name of a file, as which xax looks at it first', () => {
    expect(passed(DECLARED, 'text', 'x'.repeat(250))).toBe('x'.repeat(250));
    expect(passed(DECLARED, 'text', `${'a/'.repeat(100)}${'x'.repeat(700)}`)).not.toBeNull();
    for (const long of ['x'.repeat(251), `é${'x'.repeat(247)}`, "'".repeat(125)])
      expect(told({ text: long }, DECLARED)).toMatch(
        /^The value of text takes \d+ bytes with its name, .* xax accepts 255, .* Nothing was launched\.$/,
      );
  });

  it('is refused where it holds what no YAML holds', () => {
    for (const value of ['\ud83d', 'a\ufffe', '\uffff'])
      expect(told({ text: value }, DECLARED)).toMatch(/contains a character that YAML does not allow/);
    for (const value of ['a\u0085', '\t', '\u2028', '\u007f'])
      expect(told({ text: value }, DECLARED)).toMatch(/contains a line break or control character/);
  });

  it('never becomes an expansion, in whatever quotes', () => {
    const scalars = texts().flatMap((text) => [passed(DECLARED, 'text', text), passed(OPEN, 'text', text)]);
    expect(scalars.filter((scalar) => scalar?.includes('${') || scalar?.startsWith('"'))).toEqual([]);
    expect(SPECIAL).toContain('${a}');
  });
});
