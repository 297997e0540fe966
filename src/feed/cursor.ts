import { BotError } from '../core/errors.ts';
import { CURSOR_FORM } from '../core/services/feed.ts';

/** How far somebody has read rows that are changed once more after they were added. */
export interface Marks {
  /** The last row that was read. */
  last: number;
  /** Those of them whose end is still to come. */
  open: readonly number[];
}

/** How far somebody has read: the last transition, and proposals and watch episodes. */
export interface Position {
  transitions: number;
  proposals: Marks;
  episodes: Marks;
}

/** `812.9.14`; with rows that are open, `812.9-7-8.14-12`. */
export function cursorText({ transitions, proposals, episodes }: Position): string {
  return [transitions, ...[proposals, episodes].map(({ last, open }) => [last, ...open].join('-'))].join('.');
}

/** What `cursorText` wrote. Error `bad-cursor`. */
export function parseCursor(text: string): Position {
  if (!CURSOR_FORM.test(text)) throw badCursor(`"${text.slice(0, 40)}" is no cursor`);
  const [transitions = '', ...marks] = text.split('.');
  const [proposals, episodes] = marks.map((each): Marks => {
    const [last = 0, ...open] = each.split('-').map(Number);
    return { last, open };
  });
  return { transitions: Number(transitions), proposals: proposals!, episodes: episodes! };
}

export function badCursor(what: string): BotError {
  return new BotError(
    'bad-cursor',
    `${what}.`,
    'Leave "since" out to wait for what comes from now on; each answer has the next cursor.',
    'since',
  );
}
