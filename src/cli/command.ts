import { terminalArguments } from '../../adapters/terminal/arguments.ts';
import { askRunningBot, NotRunning, type OnReply } from '../../adapters/terminal/client.ts';
import { EXIT_FAILED, EXIT_UNCONFIRMED, type Printer, printReply } from '../../adapters/terminal/print.ts';
import type { TerminalRequest } from '../../adapters/terminal/protocol.ts';
import { askYes, complain, screenWidth } from '../../adapters/terminal/screen.ts';
import { COMMANDS } from '../../commands/index.ts';
import { loadConfig } from '../config/config.ts';
import { loadDataDir } from '../config/data-dir.ts';
import type { Reply } from '../core/adapter.ts';
import { plainText } from '../core/plain-text.ts';
import { NEEDS_CONFIRMATION } from '../core/press.ts';
import { createFileStore } from '../store/files.ts';
import { botSocket } from './bot-socket.ts';
import type { Place } from './place.ts';

/** `xaxbot COMMAND …`: one command, through the running bot or without it. Resolves to the exit code. */
export async function command(place: Place, args: string[]): Promise<number> {
  const { argv, json, yes } = terminalArguments(args, COMMANDS);
  const dataDir = loadDataDir(place);
  const printer = { json, width: screenWidth(), pathOf: createFileStore(dataDir).pathOf };
  const ask = async (request: TerminalRequest, onReply: OnReply) => {
    try {
      await askRunningBot(botSocket(dataDir), request, onReply);
    } catch (error) {
      if (!(error instanceof NotRunning)) throw error;
      const config = loadConfig(place);
      const { runOnce } = await import('./run-once.ts');
      await runOnce(config, request, (reply) => onReply(reply, config.timezone));
    }
  };
  const last = await lastReply({ argv, yes }, ask, printer);
  if (last?.errorCode !== NEEDS_CONFIRMATION) return exitCodeOf(last);
  const question = plainText(
    { blocks: last.message.blocks.filter(({ kind }) => kind !== 'buttons') },
    { now: Date.now() },
  );
  if (json || !(await askYes(question))) {
    if (!json) complain('Nothing was done: add --yes to go ahead.');
    return EXIT_UNCONFIRMED;
  }
  // The yes applies to what was shown: the same words may mean another job by now.
  const { token } = last.data as { token: string };
  return exitCodeOf(await lastReply({ confirm: token }, ask, printer));
}

function exitCodeOf(last: Reply | undefined): number {
  return last?.exitCode ?? (last?.ok ? 0 : EXIT_FAILED);
}

/** Prints what is answered; the last answer is the outcome. */
async function lastReply(
  request: TerminalRequest,
  ask: (request: TerminalRequest, onReply: OnReply) => Promise<void>,
  printer: Omit<Printer, 'timezone'>,
): Promise<Reply | undefined> {
  let last: Reply | undefined;
  await ask(request, (reply, timezone) => {
    last = reply;
    if (printer.json || reply.errorCode !== NEEDS_CONFIRMATION || !process.stdin.isTTY)
      printReply(reply, { ...printer, timezone });
  });
  return last;
}
