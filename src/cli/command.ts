import { terminalArguments } from '../../adapters/terminal/arguments.ts';
import { EXIT_UNCONFIRMED, type Printer, printReply } from '../../adapters/terminal/print.ts';
import type { TerminalRequest } from '../../adapters/terminal/protocol.ts';
import { askYes, complain, screenColours, screenSize, statusLine } from '../../adapters/terminal/screen.ts';
import { COMMANDS } from '../../commands/index.ts';
import { loadDataDir } from '../config/data-dir.ts';
import type { Reply } from '../core/adapter.ts';
import { plainText } from '../core/plain-text.ts';
import { NEEDS_CONFIRMATION } from '../core/press.ts';
import { createFileStore } from '../store/files.ts';
import { type Ask, createAsk, createHear } from './asking.ts';
import { exitCodeOf } from './exit-code.ts';
import { createPager } from './pager.ts';
import type { Place } from './place.ts';
import { mustBeCommand } from './unknown.ts';
import { createWorking, type Working } from './working.ts';

/** `xaxbot COMMAND …`: one command, through the running bot or without it. Resolves to the exit code. */
export async function command(place: Place, args: string[]): Promise<number> {
  const { argv, json, yes, watchMs, follow, pager } = terminalArguments(args, COMMANDS);
  mustBeCommand(argv);
  const dataDir = loadDataDir(place);
  const colours = screenColours(place.env);
  const isPaged = pager && !json && watchMs === null && !follow;
  const printer: Printer = {
    json,
    timezone: 'UTC',
    width: () => screenSize().width,
    colours,
    page: isPaged ? createPager(place.env, colours.out) : async () => false,
    pathOf: createFileStore(dataDir).pathOf,
  };
  const ask = createAsk(place, dataDir, (zone) => {
    printer.timezone = zone;
  });
  if (watchMs !== null)
    return (await import('./watching.ts')).watching(argv, createHear(ask), printer, watchMs);
  const status = statusLine(colours.err);
  if (follow) return (await import('./following.ts')).followLog(argv, createHear(ask), printer, status);
  const working = createWorking(status, printer);
  if (argv[0] === 'wait')
    return (await import('./waiting.ts')).waiting(argv, createHear(ask), printer, working);
  const last = await lastReply({ argv, yes }, ask, printer, working);
  if (last?.errorCode !== NEEDS_CONFIRMATION) return exitCodeOf(last);
  const question = plainText(
    { blocks: last.message.blocks.filter(({ kind }) => kind !== 'buttons') },
    { now: Date.now(), timezone: printer.timezone },
  );
  if (json || !(await askYes(question))) {
    if (!json) complain('Nothing was done: add --yes to go ahead.');
    return EXIT_UNCONFIRMED;
  }
  // The yes applies to what was shown: the same words may mean another job by now.
  const { token } = last.data as { token: string };
  return exitCodeOf(await lastReply({ confirm: token }, ask, printer, working));
}

/** Prints the last answer, which is the outcome; those before it show that it goes on. */
async function lastReply(
  request: TerminalRequest,
  ask: Ask,
  printer: Printer,
  working: Working,
): Promise<Reply | undefined> {
  let last: Reply | undefined;
  await working.until(
    ask(request, (reply) => {
      last = reply;
      if (!reply.final) working.say(reply);
    }),
  );
  const isAsked = last?.errorCode === NEEDS_CONFIRMATION && process.stdin.isTTY && !printer.json;
  if (last && !isAsked) await printReply(last, printer);
  return last;
}
