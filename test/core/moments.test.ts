import { expect, it } from 'vitest';
import { withMoments } from '../../src/core/moments.ts';
import { plainInline } from '../../src/core/plain-text.ts';

it('shows the moments in words of ours in the zone of whoever reads them', () => {
  const words = withMoments('due since 2026-11-30T23:00:00Z; try "health" at 2026-12-01T12:30:05Z');
  expect(plainInline(words, { timezone: 'Asia/Tokyo' })).toBe(
    'due since 2026-12-01 08:00:00; try "health" at 2026-12-01 21:30:05',
  );
  expect(words[2]).toEqual({ hint: '; try "health" at ' });
});

it.each(['nothing waits', 'of 2026-11-30', 'since 2026-99-30T10:00:00Z', 'x2026-11-30T10:00:00Z', ''])(
  'leaves "%s" as it is',
  (words) => expect(plainInline(withMoments(words), { timezone: 'Asia/Tokyo' })).toBe(words),
);
