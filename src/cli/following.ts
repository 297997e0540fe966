import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_FAILED, type Printer, printReply } from '../../adapters/terminal/print.ts';
import { lineOfLog, linesOf } from '../../adapters/terminal/render.ts';
import { type StatusLine, sayJson, sayLines } from '../../adapters/terminal/screen.ts';
import type { LogData } from '../../commands/logs.ts';
import { waitMessage } from '../../commands/wait-message.ts';
import type { Reply } from '../core/adapter.ts';
import { jsonText } from '../core/json.ts';
import { plainText } from '../core/plain-text.ts';
import type { Hear, Heard } from './asking.ts';
import { endsTidily } from './ends-tidily.ts';

/** Where a log begins that is not there yet. */
const BEGINNING = '0:0';
/** Without a bot each look starts everything anew; one that is being restarted is there again soon. Milliseconds. */
const AGAIN_MS = { once: 2_000, restart: 1_000 };

/** Error codes of a queue whose host is away: it is opened again by itself. */
const AWAY: readonly (string | undefined)[] = ['host-unreachable', 'queue-hangs'];
/** What has been away for so long is not waited for any longer, milliseconds. */
const BACK_WITHIN_MS = 120_000;

/** `logs JOB -f`: the end of a log, then what it grows by until its job has ended. Resolves to the exit code. */
export async function followLog(
  argv: readonly string[],
  hear: Hear,
  printer: Printer,
  status: StatusLine,
): Promise<number> {
  endsTidily(status);
  let awaySince: number | undefined;
  const first = await firstAnswer();
  if (first === undefined) return EXIT_FAILED;
  let after = first.next;
  status.show([{ text: 'Waiting for what comes. Ctrl+C ends.', style: 'quiet' }]);
  // A log that is not there yet has no name of its job: what was typed may mean another one by then.
  const words = ['logs', first.job ?? argv[1] ?? '', ...(first.kind ? [first.kind] : argv.slice(2))];
  for (;;) {
    const heard = await hear([...words.filter((word) => !word.startsWith('before=')), `after=${after}`]);
    const away = whyAway(heard);
    if (!heard.reply || away !== undefined) {
      status.show([{ text: `${away} It goes on when it is back.`, style: 'quiet' }]);
      await sleep(AGAIN_MS.restart);
      continue;
    }
    const { reply } = heard;
    if (reply.errorCode !== undefined) {
      status.clear();
      await printReply(reply, printer);
      return EXIT_FAILED;
    }
    const news = reply.data as LogData;
    tell(news, reply);
    after = news.next;
    if (news.end) return 0;
    if (heard.by === 'once' && news.lines.length === 0) await sleep(AGAIN_MS.once);
  }

  /** Why there is no answer yet; undefined: there is one, or it is not waited for any longer. */
  function whyAway(heard: Heard): string | undefined {
    if (!heard.reply) return heard.why;
    const { errorCode, message } = heard.reply;
    if (!AWAY.includes(errorCode)) {
      awaySince = undefined;
      return undefined;
    }
    awaySince ??= performance.now();
    return performance.now() - awaySince < BACK_WITHIN_MS ? plainText(message) : undefined;
  }

  /** The end of the log as it is now; undefined: it cannot be told, and why was said. */
  async function firstAnswer(): Promise<{ next: string; job?: string; kind?: string } | undefined> {
    for (;;) {
      const heard = await hear(argv);
      const { reply } = heard;
      if (reply?.errorCode === 'no-log') return { next: BEGINNING };
      if (reply?.errorCode !== undefined) {
        await printReply(reply, printer);
        return undefined;
      }
      if (reply) {
        const { lines, isUnended, next, job, kind } = reply.data as LogData;
        // What has no end yet is told when it has.
        print(isUnended ? lines.slice(0, -1) : lines, reply);
        return { next, job, kind };
      }
      status.show([{ text: heard.why, style: 'quiet' }]);
      await sleep(AGAIN_MS.restart);
    }
  }

  function tell(news: LogData, reply: Reply): void {
    const { lines, unended, begunAnew, end } = news;
    if (lines.length > 0 || begunAnew || end) status.clear();
    if (begunAnew && !printer.json) say(`(the log ${BEGUN_ANEW[begunAnew]})`);
    if (lines.length > 0 || (printer.json && end)) print(lines, reply);
    if (end) {
      if (!printer.json)
        sayLines(
          linesOf(waitMessage(end, { whole: true }), { now: Date.now(), width: printer.width() }),
          printer.colours.err,
          false,
        );
      return;
    }
    if (unended) status.show([{ text: unended }]);
    else if (lines.length === 0) status.show([{ text: `${news.jobId} is ${news.status}`, style: 'quiet' }]);
  }

  function say(words: string): void {
    sayLines([[{ text: words, style: 'quiet' }]], printer.colours.err, false);
  }

  function print(lines: readonly string[], { data }: Reply): void {
    if (printer.json) sayJson(jsonText({ ok: true, data }));
    else if (lines.length > 0) sayLines(lines.map(lineOfLog), printer.colours.out);
  }
}

const BEGUN_ANEW = {
  shorter: 'is shorter than it was: from its beginning',
  another: 'is another file now: from its beginning',
} as const;
