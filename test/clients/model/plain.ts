import type { Dialect } from './turn.ts';

/** What drivers say that have a client of the protocol alone, and no model's API: a turn as it is. */
export const plain: Dialect = {
  name: 'plain',
  path: /^\/plain$/,
  read: (body) => body,
  answer: (move) => move,
  stream: () => [],
  isStreamed: () => false,
};
