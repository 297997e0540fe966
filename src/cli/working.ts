import { answerLines, type Printer } from '../../adapters/terminal/print.ts';
import type { StatusLine } from '../../adapters/terminal/screen.ts';
import { type Line, wordsOf } from '../../adapters/terminal/styled.ts';
import type { Reply } from '../core/adapter.ts';
import { durationText } from '../core/time.ts';
import { endsTidily } from './ends-tidily.ts';

/** What takes no longer shows nothing, milliseconds. */
const QUICK_MS = 1_000;
const TICK_MS = 1_000;

/** Shows on a terminal that something goes on, what it said last and for how long it has; nothing for what is quick. */
export function createWorking(
  status: StatusLine,
  printer: Pick<Printer, 'json' | 'timezone' | 'width' | 'pathOf'>,
) {
  let said: Line = [];
  /** What was said says itself for how long it has gone on. */
  let isTimed = false;

  return {
    /** What an interim answer says, in a line. */
    say(reply: Pick<Reply, 'message'>): void {
      isTimed = reply.message.blocks.some(({ kind }) => kind === 'progress');
      said = answerLines(reply, printer)
        .filter((line) => wordsOf(line).trim() !== '')
        .flatMap((line, index) => (index === 0 ? line : [{ text: '  ' }, ...line]));
    },
    /** Until this is done; the line is gone then. `look` is called before the line is shown. */
    async until<T>(work: Promise<T>, look: () => void = () => {}): Promise<T> {
      const begun = performance.now();
      const show = () => {
        const elapsed = performance.now() - begun;
        if (printer.json || elapsed < QUICK_MS) return;
        look();
        const time: Line = isTimed ? [] : [{ text: `${durationText(elapsed)}  `, style: 'quiet' }];
        status.show([...time, ...(said.length > 0 ? said : WORKING)]);
      };
      const release = endsTidily(status);
      const timer = setInterval(show, TICK_MS);
      try {
        return await work;
      } finally {
        clearInterval(timer);
        status.clear();
        release();
      }
    },
  };
}

export type Working = ReturnType<typeof createWorking>;

const WORKING: Line = [{ text: 'Working' }];
