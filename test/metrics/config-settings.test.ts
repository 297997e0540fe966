import { describe, expect, it } from 'vitest';
import { changesText, configChanges } from '../../src/core/config-delta.ts';
import { settingsIn } from '../../src/metrics/config-settings.ts';
import { cpuMs } from '../helpers.ts';

const shown = (yaml: string) => settingsIn(yaml).settings;
const change = (from: string, to: string) => {
  const [before, after] = [settingsIn(from), settingsIn(to)];
  return changesText(
    configChanges(before.settings, after.settings, { from: before.values, to: after.values }),
  );
};

/** As PyYAML's safe_dump wrote a mapping of Python values. */
const DUMPED = String.raw`aliased: &id001
- 1
- 1e-3
also: *id001
bare: 1e3
bytes: !!binary |
  YWJj
day: '2026-11-23'
deep:
  even:
    deeper: .inf
empty: ''
flag: true
folded: 'word word word word word word word word word word word word word word word word
  word word'
half: -.5
huge: 123456789012345678901234567890
items:
- 1
- '1'
- off course
- - 1.0e-05
- a: null
joined: "\xE9\U0001F552 word word word word word word word word word word word word\
  \ end\L"
lines: 'a

  b'
none: null
'off': 1.0e-05
octal: 0o17
padded: 08
version: '1.10'
word: 'yes'
`;

describe('the settings of a config.yaml', () => {
  it('are shown as the file writes them, texts without their quotes', () => {
    expect(shown(DUMPED)).toEqual({
      aliased: '[1,"1e-3"]',
      also: '[1,"1e-3"]',
      bare: '1e3',
      bytes: 'YWJj\n',
      day: '2026-11-23',
      'deep.even.deeper': '.inf',
      empty: '',
      flag: 'true',
      folded: Array(18).fill('word').join(' '),
      half: '-.5',
      huge: '123456789012345678901234567890',
      items: '[1,"1","off course",[1.0e-05],{"a":null}]',
      joined: `é🕒 ${'word '.repeat(12)}end\u2028`,
      lines: 'a\nb',
      none: 'null',
      off: '1.0e-05',
      octal: '0o17',
      padded: '08',
      version: '1.10',
      word: 'yes',
    });
  });

  it.each([
    ['revision: 1234567890123456789', 'revision: 1234567890123456788'],
    ['tag: 1e-3', 'tag: 1e-03'],
    ['tag: 1e3', "tag: '1000.0'"],
    ['tag: -.5', "tag: '-0.5'"],
    ['tag: 08', "tag: '8'"],
    ['tag: 0o17', "tag: '15'"],
    ["tag: '1.10'", "tag: '1.1'"],
    ["tag: '12:30:45'", "tag: '12:30:46'"],
    ["tag: '1_000'", "tag: '1000'"],
    ["tag: '0x1F'", "tag: '31'"],
    ["tag: 'yes'", "tag: 'on'"],
    ["tag: ''", 'tag: null'],
    ['tag: 12345678901234567891', 'tag: 12345678901234567890.5'],
    ['tags:\n- 1234567890123456789', 'tags:\n- 1234567890123456788'],
    ['tags:\n- 1e-3', 'tags:\n- 0.001'],
  ])('differ where runs do: %j and %j', (from, to) => {
    const value = (yaml: string) => Object.values(shown(yaml))[0] || '""';
    expect(change(from, to)).toBe(`${from.split(':')[0]} ${value(from)} -> ${value(to)}`);
  });

  it.each([
    ["tag: '1'", 'tag: 1', 'tag "1" -> 1'],
    ["tag: 'true'", 'tag: true', 'tag "true" -> true'],
    ["tag: 'null'", 'tag: null', 'tag "null" -> null'],
    ["tag: '[1]'", 'tag:\n- 1', 'tag "[1]" -> [1]'],
    ["tag: '2026-11-23'", 'tag: 2026-11-23', 'tag "2026-11-23" -> 2026-11-23'],
  ])('are told apart where a text is spelt like something else: %j and %j', (from, to, told) => {
    expect(change(from, to)).toBe(told);
  });

  it.each([
    ['rate: 1.0e-05', 'rate: 0.00001'],
    ['rate: 1', 'rate: 1.0'],
    ['rate: 1.0e+20', 'rate: 100000000000000000000.0'],
    ['rate: .inf', 'rate: .Inf'],
    ['flag: true', 'flag: True'],
    ['rates: [0.001, 1.0]', 'rates:\n- 1.0e-03\n- 1'],
    ['name: adam', "name: 'adam'"],
    ['name: null', 'name: ~'],
    ['name: null', 'name:'],
  ])('do not differ where only the spelling does: %j and %j', (from, to) => {
    expect(change(from, to)).toBe('');
  });

  it('keep secrets within lists to themselves, whatever they are', () => {
    const yaml = 'sinks:\n- {kind: x, api_key: 1234, tokens: [a]}\n- {password: null, hf_token: [b, 2]}\n';
    expect(shown(yaml).sinks).toBe(
      '[{"kind":"x","api_key":"(hidden)","tokens":["a"]},{"password":null,"hf_token":["(hidden)","(hidden)"]}]',
    );
    expect(Object.values(settingsIn(yaml).values)).toEqual([shown(yaml).sinks]);
  });

  it('are refused where aliases within aliases would make a file without end', () => {
    const lines = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? '1' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(10).fill(inner).join(', ')}]\n`;
    });
    const started = cpuMs();
    expect(() => shown(lines.join(''))).toThrow('its aliases make it too large');
    expect(() => shown(`a: &a ${'x'.repeat(60_000)}\nb: [${Array(1000).fill('*a')}]\n`)).toThrow('too large');
    expect(() => shown('a: &a [*a]\n')).toThrow();
    expect(cpuMs() - started).toBeLessThan(3_000);
  });

  it('keep a name that means something else in JavaScript', () => {
    expect(Object.entries(shown('__proto__: 1\nconstructor: x\n'))).toEqual([
      ['__proto__', '1'],
      ['constructor', 'x'],
    ]);
  });
});
