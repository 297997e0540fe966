import { expect, it } from 'vitest';
import { maskSecrets } from '../../src/core/secrets.ts';
import { maskLong } from '../../src/files/mask-long.ts';

const SECRET = 'Zx81kQ72pLm4Wv90';

it.each([
  ['a YAML file', `model:\n  width: 512\n  api_key:\n    ${SECRET}\n`],
  ['JSON in one line', `"lr": 0.01, "api_key": "${SECRET}", "width": 512, `],
  ['one line of words', `api_key=${SECRET} step=100000 loss=0.25 `],
])('finds in %s of any length what it finds in a short one', async (_what, piece) => {
  const times = Math.ceil(200_000 / piece.length);
  let pieces = 0;
  const masked = await maskLong(piece.repeat(times), (given) => {
    pieces += 1;
    return maskSecrets(given);
  });
  expect(maskSecrets(piece)).not.toContain(SECRET);
  expect(masked === maskSecrets(piece).repeat(times)).toBe(true);
  expect(pieces).toBeGreaterThan(3);
});

it('never takes more at once, though nothing parts it', async () => {
  const longest: number[] = [];
  const text = 'x'.repeat(1_000_000);
  const same = await maskLong(text, (given) => {
    longest.push(given.length);
    return given;
  });
  expect(same === text).toBe(true);
  expect(Math.max(...longest)).toBeLessThanOrEqual(65_536);
});
