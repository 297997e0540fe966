import { setTimeout as sleep } from 'node:timers/promises';
import { answerLines, EXIT_FAILED, type Printer, printReply } from '../../adapters/terminal/print.ts';
import { openPicture, sayLines, screenSize } from '../../adapters/terminal/screen.ts';
import { type Line, wordsOf } from '../../adapters/terminal/styled.ts';
import type { Reply } from '../core/adapter.ts';
import { errorText } from '../core/errors.ts';
import { formatTime } from '../core/plain-text.ts';
import type { Hear } from './asking.ts';

/** Without a bot each look starts everything anew: not more often than this, milliseconds. */
const ONCE_MIN_MS = 5_000;
/** Many changes at once are shown together, milliseconds. */
const CALM_MS = 200;

/**
 * `COMMAND --watch`: its answer, shown anew in place every so many milliseconds and whenever something happens, until it is told
 * to end; while the bot is being restarted what it said last stays. Into a pipe or a file each answer that differs is written
 * below the one before. Resolves to the exit code.
 */
export async function watching(
  argv: readonly string[],
  hear: Hear,
  printer: Printer,
  everyMs: number,
): Promise<number> {
  const isDrawn = screenSize().isTerminal && !printer.json;
  const first = await hear(argv);
  if (first.reply && !first.reply.ok && first.reply.errorCode !== undefined) {
    await printReply(first.reply, printer);
    return EXIT_FAILED;
  }
  if (!isDrawn) return written();
  // What is still asked for, to hear of changes, holds nobody up.
  return process.exit(await drawn());

  async function drawn(): Promise<number> {
    const picture = openPicture(printer.colours.out);
    const told = toldToEnd();
    let shown: Line[] = [];
    let trouble: string | null = null;
    let pauseMs = everyMs;
    let isBot = true;
    const draw = () => picture.draw([...shown, [], footer(trouble, pauseMs)]);
    const resume = onStopped(picture);
    const changes = changesOf(hear);
    try {
      for (let heard: Awaited<ReturnType<Hear>> | undefined = first; ; heard = undefined) {
        try {
          heard ??= await Promise.race([hear(argv), told.then(() => undefined)]);
          if (heard === undefined) return (await told).code;
          trouble = heard.reply ? null : heard.why;
          if (heard.reply) {
            shown = answerLines(heard.reply, printer);
            isBot = heard.by === 'bot';
            pauseMs = isBot ? everyMs : Math.max(everyMs, ONCE_MIN_MS);
          }
        } catch (error) {
          trouble = errorText(error);
        }
        draw();
        const news = isBot && trouble === null ? [changes.next()] : [];
        const end = await Promise.race([told, sleep(pauseMs), ...news]);
        if (end) return end.code;
        await sleep(CALM_MS);
      }
    } finally {
      resume();
      picture.close();
      sayLines(shown, printer.colours.out);
    }
  }

  async function written(): Promise<number> {
    let before = '';
    for (let reply: Reply | undefined = first.reply; ; ) {
      const words =
        reply && JSON.stringify(printer.json ? reply.data : answerLines(reply, printer).map(wordsOf));
      if (reply && words !== before) await printReply(reply, printer);
      before = words ?? before;
      await sleep(everyMs);
      reply = (await hear(argv)).reply;
    }
  }

  function footer(trouble: string | null, pauseMs: number): Line {
    const now = formatTime(Date.now(), 'clock', printer.timezone);
    const how = `every ${pauseMs / 1000} s and on changes, Ctrl+C ends`;
    return trouble === null
      ? [{ text: `${now} · ${how}`, style: 'quiet' }]
      : [{ text: `${now} · ${trouble} It is tried again.`, style: 'warning' }];
  }
}

/** Resolves when something has happened that the bot tells of; while none runs it does not. */
function changesOf(hear: Hear): { next(): Promise<void> } {
  let since: string | undefined;
  let asked: Promise<void> | undefined;
  async function changed(): Promise<void> {
    const words = since === undefined ? ['wait', 'seconds=0'] : ['wait', `since=${since}`];
    const heard = await hear(words).catch(() => undefined);
    const data = heard?.reply?.data as { state?: string; next?: string } | undefined;
    const isNews = data?.state === 'happened';
    since = heard?.reply && 'by' in heard && heard.by === 'bot' ? data?.next : undefined;
    asked = undefined;
    if (!isNews) await new Promise(() => {});
  }
  return {
    next: () => {
      asked ??= changed();
      return asked;
    },
  };
}

/** Resolves when the process is told to end, to what it exits with: whoever watches ends it by Ctrl+C, which is no failure. */
function toldToEnd(): Promise<{ code: number }> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve({ code: 0 }));
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const)
      process.once(signal, () => resolve({ code }));
  });
}

/** Gives the terminal back while the process is stopped (Ctrl+Z), and takes it again when it goes on. */
function onStopped(picture: { enter(): void; leave(): void }): () => void {
  const stop = () => {
    picture.leave();
    process.kill(process.pid, 'SIGSTOP');
  };
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', picture.enter);
  return () => {
    process.removeListener('SIGTSTP', stop);
    process.removeListener('SIGCONT', picture.enter);
  };
}
