import { describe, expect, it } from 'vitest';
import { besides } from '../../src/core/besides.ts';
import { changesText, configChanges, distinguishing } from '../../src/core/config-delta.ts';

const start = '/srv/data/a/long/way/down/to/where/the/shards/of/the/corpus/lie/';

describe('long texts side by side', () => {
  it('are shown from where they begin to differ', () => {
    expect(besides([`${start}train-ABC`, `${start}train-XYZ-and-more`])).toEqual([
      '…corpus/lie/train-ABC',
      '…corpus/lie/train-XYZ-and-more',
    ]);
    const far = besides([`${'x'.repeat(900)}1${'y'.repeat(900)}`, `${'x'.repeat(900)}2${'y'.repeat(900)}`]);
    expect(far).toEqual([`…${'x'.repeat(20)}1${'y'.repeat(37)}…`, `…${'x'.repeat(20)}2${'y'.repeat(37)}…`]);
  });

  it('show the end of one that is the beginning of the other', () => {
    expect(besides(['a'.repeat(100), `${'a'.repeat(100)}b`])).toEqual([
      `…${'a'.repeat(20)}`,
      `…${'a'.repeat(20)}b`,
    ]);
  });

  it('are shown whole where they are short, and from the start where that differs', () => {
    expect(besides(['a', null, 'b'])).toEqual(['a', null, 'b']);
    expect(besides(['x'.repeat(60), `${'x'.repeat(59)}y`])).toEqual(['x'.repeat(60), `${'x'.repeat(59)}y`]);
    expect(besides(['short', 'l'.repeat(70)])).toEqual(['short', `${'l'.repeat(59)}…`]);
    expect(besides([null, 'l'.repeat(70)])).toEqual([null, `${'l'.repeat(59)}…`]);
    expect(besides(['l'.repeat(70), 'l'.repeat(70)])).toEqual(Array(2).fill(`${'l'.repeat(59)}…`));
  });

  it('are each shown from where they differ from the one most like them', () => {
    expect(besides([`${start}one`, 'elsewhere', `${start}two`, `${start}one`, null])).toEqual([
      '…of/the/corpus/lie/one',
      'elsewhere',
      '…of/the/corpus/lie/two',
      '…of/the/corpus/lie/one',
      null,
    ]);
  });

  it('are never cut within a character', () => {
    for (let length = 30; length < 140; length += 1) {
      const text = `${'x'.repeat(length % 3)}${'🕒'.repeat(length)}`;
      for (const shown of besides([`${text}1${text}`, `${text}2${text}`])) {
        expect(shown!.isWellFormed()).toBe(true);
        expect(shown!.length).toBeLessThanOrEqual(60);
      }
    }
  });
});

describe('a setting that differs', () => {
  it('far inside a list is shown there', () => {
    const list = (last: number) => `[${Array.from({ length: 40 }, (_, index) => index).join(',')},${last}]`;
    expect(changesText(configChanges({ layers: list(64) }, { layers: list(128) }))).toBe(
      'layers …34,35,36,37,38,39,64] -> …34,35,36,37,38,39,128]',
    );
  });

  it('in white space alone is shown with it', () => {
    expect(changesText(configChanges({ prompt: 'a\nb' }, { prompt: 'a b' }))).toBe(
      String.raw`prompt a\u000ab -> a b`,
    );
    expect(changesText(configChanges({ prompt: 'a  b' }, { prompt: 'a b' }))).toBe('prompt a  b -> a b');
  });

  it('within a secret is not shown, however long it is', () => {
    const url = (password: string) => `${start}?u=https://me:${password}@host/${'x'.repeat(80)}`;
    const told = changesText(
      configChanges({ a: url('hunter2'), api_key: 'k1' }, { a: url('other'), api_key: 'k2' }),
    );
    expect(told).not.toMatch(/hunter2|other|k1|k2/);
  });

  it('far inside tells the curves of several runs apart', () => {
    const labels = distinguishing(
      ['one', 'two', 'three'].map((last) => ({ corpus: start + last })),
      4,
    );
    expect(labels).toEqual(['one', 'two', 'three'].map((last) => `corpus=…of/the/corpus/lie/${last}`));
  });
});
