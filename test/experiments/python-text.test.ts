import { describe, expect, it } from 'vitest';
import { pythonFloat, pythonJson } from '../../src/experiments/python-text.ts';

describe("Python's way of writing", () => {
  it.each([
    [0.2177734375, '0.2177734375'],
    [5, '5.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [1e-4, '0.0001'],
    [1e-5, '1e-05'],
    [-1.5e-7, '-1.5e-07'],
    [123456789012345.6, '123456789012345.6'],
    [9999999999999998, '9999999999999998.0'],
    [1e16, '1e+16'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
  ])('writes the float %d as repr() does', (value, text) => {
    expect(pythonFloat(value)).toBe(text);
  });

  it('writes metrics as json.dumps(sort_keys=True): sorted by code point, ASCII only', () => {
    const metrics = { '🕒 timers/dt': 0.05, '｡': 1, 'value/loss': Number.NaN, 'a"\\\n': '\u007f' };
    expect(pythonJson(metrics)).toBe(
      '{"a\\"\\\\\\n": "\\u007f", "value/loss": NaN, "\\uff61": 1.0, "\\ud83d\\udd52 timers/dt": 0.05}',
    );
  });

  it('writes what the original upsert wrote', () => {
    expect(pythonJson({ '🕒 timers/dt': '0.05', 'value/loss': '0.06' })).toBe(
      '{"value/loss": "0.06", "\\ud83d\\udd52 timers/dt": "0.05"}',
    );
  });
});
