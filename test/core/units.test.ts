import { describe, expect, it } from 'vitest';
import { bytesText, numberText, quantityText, spreadText, unitOf } from '../../src/core/units.ts';

describe('a number as people write it', () => {
  it.each([
    [0.504512, '0.50451'],
    [1234.5678, '1234.6'],
    [1234567.8, '1234568'],
    [-123456, '-123456'],
    [2.5e-7, '2.5e-7'],
    [1e21, '1e+21'],
    [Number.NaN, 'NaN'],
    [0, '0'],
  ])('%d is %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it.each([
    [543_211_520, '🧠 mem/rss', '543 MB'],
    [1_500, '🧠 mem/rss', '1.5 kB'],
    [999_600, '🧠 mem/rss', '1 MB'],
    [0, '🧠 mem/rss', '0 bytes'],
    [1_313.2, '🕒 timers/steps/second', '1,313 steps/s'],
    [13_132.4, '🕒 timers/samples/second', '13,132 samples/s'],
    [0.76161, '🕒 timers/steps/second', '0.7616 steps/s'],
    [0.0213337, '🕒 timers/dt', '0.02133 s'],
    [Number.NaN, '🕒 timers/dt', 'NaN s'],
    [0.504512, 'value/loss', '0.50451'],
  ])('%d of %s is %s', (value, tag, text) => {
    expect(quantityText(value, unitOf(tag))).toBe(text);
  });

  it('has whole bytes below a thousand, and three digits above', () => {
    expect([512, 12_345, 123_456_789_012].map(bytesText)).toEqual(['512 bytes', '12.3 kB', '123 GB']);
  });

  it.each([
    [0.504512, 0.00302, '0.5045 ± 0.003'],
    [0.504512, 0.0034, '0.5045 ± 0.0034'],
    [0.504512, 0.45, '0.5 ± 0.45'],
    [1234.5678, 12.3, '1235 ± 12'],
    [1234.5678, 123.4, '1230 ± 120'],
    [1_234_567.8, 30_123, '1235000 ± 30000'],
    [-51_234, 1_234, '-51200 ± 1200'],
    [12, 340, '10 ± 340'],
    [2.1777e-5, 1.2e-7, '0.00002178 ± 1.2e-7'],
    [0.5, 0, '0.5'],
    [Number.NaN, 0.1, 'NaN'],
  ])('%d beside its deviation of %d is %s', (value, deviation, text) => {
    expect(spreadText(value, deviation)).toBe(text);
  });
});
