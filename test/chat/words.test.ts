import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { parseInput } from '../../src/chat/parse.ts';
import { splitWords } from '../../src/chat/words.ts';
import { assignment, quoted } from '../../src/core/quoting.ts';

const texts = (line: string) => splitWords(line).map(({ text }) => text);

describe('quotes of every keyboard', () => {
  it.each([
    ['straight', '"', '"'],
    ['curved', '“', '”'],
    ['Scandinavian', '”', '”'],
    ['German', '„', '“'],
    ['Polish and Hungarian', '„', '”'],
    ['French', '«', '»'],
    ['Danish and Swiss', '»', '«'],
    ['Finnish', '»', '»'],
    ['Japanese', '「', '」'],
    ['wide', '＂', '＂'],
    ['a code’s', '`', '`'],
    ['single', "'", "'"],
    ['single curved', '‘', '’'],
    ['single German', '‚', '‘'],
    ['single French', '‹', '›'],
    ['straight, closed by a phone', '"', '”'],
    ['curved, closed straight', '“', '"'],
    ['German, closed straight', '„', '"'],
    ['single, closed by a phone', "'", '’'],
    ['French, the same twice', '«', '«'],
    ['Hebrew', '״', '״'],
    ['Japanese, of a horizontal line', '〝', '〟'],
    ['Japanese, half as wide', '｢', '｣'],
    ['primes for', '″', '″'],
    ['accents for', '´', '´'],
    ['a code’s, closed by an accent', '`', '´'],
    ['single wide', '＇', '＇'],
  ])('%s ones keep words together as straight ones do', (_name, open, close) => {
    const line = `plan toy hypothesis=${open}lower lr helps${close} expected=${open}a b${close} name=x`;
    expect(texts(line)).toEqual(['plan', 'toy', 'hypothesis=lower lr helps', 'expected=a b', 'name=x']);
    expect(texts(`say ${open}a b${close}`)).toEqual(['say', 'a b']);
    expect(texts(`${open}a b${close} c`)).toEqual(['a b', 'c']);
  });

  it('leave an apostrophe within single ones, and a quote within others', () => {
    expect(texts('hypothesis=‘don’t raise lr’ x')).toEqual(['hypothesis=don’t raise lr', 'x']);
    expect(texts("hypothesis='don't raise lr' x")).toEqual(["hypothesis=don't raise lr", 'x']);
    expect(texts('hypothesis="a 5” pipe, “so” called" x')).toEqual([
      'hypothesis=a 5” pipe, “so” called',
      'x',
    ]);
    expect(texts('a="" b="c d"')).toEqual(['a=', 'b=c d']);
    expect(texts("it's the models' loss")).toEqual(["it's", 'the', "models'", 'loss']);
  });

  it.each([
    ['hypothesis=“he said “yes” then” x', 'he said “yes” then'],
    ['hypothesis=«a «b» c» x', 'a «b» c'],
    ['hypothesis=„er sagte „ja“, dann „nein““ x', 'er sagte „ja“, dann „nein“'],
    ['hypothesis=「a 「b 「c」」 d」 x', 'a 「b 「c」」 d'],
    ['hypothesis=“a ‘b’ c” x', 'a ‘b’ c'],
    ['hypothesis=“a “b” x', 'a “b'],
  ])('of which one holds others are closed by its own: %s', (line, value) => {
    expect(texts(line)).toEqual([`hypothesis=${value}`, 'x']);
  });

  it('hold a list together that is quoted piece by piece, and leave JSON as it is', () => {
    expect(texts('tags=“a b”,“c d” x')).toEqual(['tags=a b,c d', 'x']);
    expect(texts('tags="a b","c" x')).toEqual(['tags=a b,c', 'x']);
    expect(texts('tags=["a","b"] more={"a":1,"b":2}')).toEqual(['tags=["a","b"]', 'more={"a":1,"b":2}']);
  });

  it('hold nothing of the spaces that French sets within them', () => {
    expect(texts('hypothesis=«\u202flower lr helps\u00a0» x')).toEqual(['hypothesis=lower lr helps', 'x']);
    expect(texts('hypothesis=« lower lr » b=" c "')).toEqual(['hypothesis=lower lr', 'b= c ']);
  });

  it('are put around a value so that it reads back as itself', () => {
    for (const value of ['”a', '«a b»', '`x`', '„', '‚a', 'a=b', "don't", '「x」', 'a\\b', ''])
      expect(texts(`${assignment(['key', value])} ${quoted(value)} end`)).toEqual([
        `key=${value}`,
        value,
        'end',
      ]);
  });

  it('cost no more in a long line than its length', () => {
    const began = process.cpuUsage().user;
    for (const part of ['"a ‘b „c “d ', '“a" ', '"a” ', "'a ", '‘a’b ', '"a\\" ', '“a ', '“a “b” ', '«a '])
      splitWords(part.repeat(20_000 / part.length));
    expect(process.cpuUsage().user - began).toBeLessThan(500_000);
  });
});

describe('a command that was copied', () => {
  const parse = (words: string) =>
    parseInput({ kind: 'text', words }, COMMANDS, { jobImplied: false, namesExperiment: () => false });
  it.each([
    '`jobs limit=1`',
    '```jobs limit=1```',
    '```\njobs limit=1\n```',
    '`/xax jobs limit=1`',
    '/xax jobs limit=1',
    '/xax `jobs limit=1`',
    '``jobs limit=1``',
    '```text\n/xax jobs limit=1\n```',
    '```sh\r\njobs limit=1\r\n```\r\n',
  ])('is understood as %j', (words) => {
    const { command, raw } = parse(words);
    expect([command.name, { ...raw.named }]).toEqual(['jobs', { limit: '1' }]);
  });
  it('keeps backticks that stand within it', () => {
    expect({ ...parse('note 7 `a` and `b`').raw.named }).toEqual({ job: '7', text: '`a` and `b`' });
    expect({ ...parse('```note 7 `a` and `b```').raw.named }).toEqual({ job: '7', text: '`a` and `b' });
    expect({ ...parse('```\nnote 7 `a` and `b`\n```').raw.named }).toEqual({ job: '7', text: '`a` and `b`' });
  });
});
