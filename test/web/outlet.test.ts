import { expect, it } from 'vitest';
import { createOutlet } from '../../adapters/web/outlet.ts';

it('a page is sent a text of any length, and let go once it leaves too much of it unread', async () => {
  let closed = 0;
  const outlet = createOutlet('', () => {
    closed += 1;
  });
  const long = 'x'.repeat(1_000_000);
  outlet.send(long);
  const reader = outlet.readable.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toBe(long);
  outlet.send(long);
  expect(closed).toBe(0);
  outlet.send('more');
  expect(closed).toBe(1);
});
