import { setTimeout as sleep } from 'node:timers/promises';
import { type Printer, printReply } from '../../adapters/terminal/print.ts';
import type { WaitData } from '../../commands/wait-message.ts';
import type { Reply } from '../core/adapter.ts';
import type { Hear } from './asking.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Working } from './working.ts';

/** Pauses before it is looked again: without a bot, which starts everything anew each time, and while one is being restarted. */
const AGAIN_MS = { once: 5_000, restart: 1_000 };

/**
 * `wait …`: waits as long as it takes, or the `seconds=` that were given, whatever becomes of the bot meanwhile. Resolves to the
 * exit code.
 */
export function waiting(
  argv: readonly string[],
  hear: Hear,
  printer: Printer,
  working: Working,
): Promise<number> {
  const given = argv.findLast((word) => /^seconds=\d+$/.test(word));
  const end =
    given === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(given.slice(8)) * 1000;
  return working.until(untilOver()).then(async (reply) => {
    await printReply(reply, printer);
    return exitCodeOf(reply);
  });

  async function untilOver(): Promise<Reply> {
    let words = [...argv];
    for (;;) {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      if (given !== undefined)
        words = words.map((word) => (word.startsWith('seconds=') ? `seconds=${left}` : word));
      const heard = await hear(words, (reply) => working.say(reply));
      const data = heard.reply?.data as WaitData | undefined;
      const goesOn =
        heard.reply === undefined ||
        (data?.state === 'waiting' && (data.why === 'at-once' || data.why === 'stopped'));
      if (heard.reply && !goesOn) return heard.reply;
      // What happens between two looks is told by the cursor.
      if (data?.state === 'waiting' && data.job === undefined && data.proposal === undefined)
        words = [...words.filter((word) => !word.startsWith('since=')), `since=${data.next}`];
      if (heard.reply) working.say(heard.reply);
      const pause = heard.reply && heard.by === 'once' ? AGAIN_MS.once : AGAIN_MS.restart;
      await sleep(Math.min(pause, Math.max(0, end - performance.now())));
    }
  }
}
