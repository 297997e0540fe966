import { EXIT_UNCONFIRMED, type Printer, printReply } from '../../adapters/terminal/print.ts';
import { askYes, complain, screenColours, screenSize, statusLine } from '../../adapters/terminal/screen.ts';
import type { Reply } from '../core/adapter.ts';
import { plainText } from '../core/plain-text.ts';
import { NEEDS_CONFIRMATION } from '../core/press.ts';
import { filePlace } from '../store/file-place.ts';
import { exitCodeOf } from './exit-code.ts';
import { createPager } from './pager.ts';
import type { Place } from './place.ts';
import { createWorking } from './working.ts';

/** Asks something once; `onReply` hears each answer. */
type Asking = (onReply: (reply: Reply) => void) => Promise<unknown>;

/** How answers are printed; what is known only by the answer is set before the first one. */
export interface Printing extends Printer {
  isPaged: boolean;
}

/** Prints for the terminal of whoever typed, in UTC until the bot's zone is known. */
export function createPrinting({ env }: Place, dataDir: string): Printing {
  const colours = screenColours(env);
  const page = createPager(env, colours.out);
  const printing: Printing = {
    json: false,
    isPaged: true,
    timezone: 'UTC',
    width: () => screenSize().width,
    colours,
    page: async (lines) => printing.isPaged && page(lines),
    pathOf: (ref) => filePlace(dataDir, ref),
  };
  return printing;
}

/**
 * Prints what `ask` is answered, and asks whoever typed where that is a question: their yes goes to `confirm` with the question's
 * token. Resolves to the exit code.
 */
export async function answered(
  ask: Asking,
  confirm: (token: string) => Asking,
  printing: Printing,
): Promise<number> {
  const last = await lastReply(ask, printing);
  if (last?.errorCode !== NEEDS_CONFIRMATION) return exitCodeOf(last);
  const question = plainText(
    { blocks: last.message.blocks.filter(({ kind }) => kind !== 'buttons') },
    { now: Date.now(), timezone: printing.timezone },
  );
  if (printing.json || !(await askYes(question))) {
    if (!printing.json) complain('Nothing was done: add --yes to go ahead.');
    return EXIT_UNCONFIRMED;
  }
  // The yes applies to what was shown: the same words may mean another job by now.
  const { token } = last.data as { token: string };
  return exitCodeOf(await lastReply(confirm(token), printing));
}

/** Prints the last answer, which is the outcome; those before it show that it goes on. */
async function lastReply(ask: Asking, printing: Printing): Promise<Reply | undefined> {
  const working = createWorking(statusLine(printing.colours.err), printing);
  let last: Reply | undefined;
  await working.until(
    ask((reply) => {
      last = reply;
      if (!reply.final) working.say(reply);
    }),
  );
  const isAsked = last?.errorCode === NEEDS_CONFIRMATION && process.stdin.isTTY && !printing.json;
  if (last && !isAsked) await printReply(last, printing);
  return last;
}
