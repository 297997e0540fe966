import { join } from 'node:path';
import { terminalArguments } from '../adapters/terminal/arguments.ts';
import { askRunningBot, askWebLink, NotRunning } from '../adapters/terminal/client.ts';
import {
  askYes,
  EXIT_FAILED,
  EXIT_UNCONFIRMED,
  type Printer,
  printable,
  printReply,
} from '../adapters/terminal/print.ts';
import { SOCKET_NAME, type TerminalRequest } from '../adapters/terminal/protocol.ts';
import { COMMANDS } from '../commands/index.ts';
import { runOnce, start } from './cli/start.ts';
import { loadConfig } from './config/config.ts';
import type { Reply } from './core/adapter.ts';
import { BotError, errorText } from './core/errors.ts';
import { experimentLogCommand, runExperimentLogCommand } from './experiment-log-commands/index.ts';
import { createFileStore } from './store/files.ts';

const USAGE = `xaxbot: an xax training queue in the team's chat

  xaxbot start               watch the queue and serve the chat
  xaxbot demo                the same with a simulated queue, in a folder of its own
  xaxbot doctor              check the set-up and say what is missing
  xaxbot mcp [--as AGENT]    the commands as tools for a coding agent (docs/agents.md)
  xaxbot web-link PERSON     a new link into the web chat, good once and for ten minutes
  xaxbot session start · log sync · log upsert · report --experiment-name NAME
                             on the log's own files, as the monitor's scripts (docs/experiment-log.md)
  xaxbot COMMAND …           one command, through the running bot or without it
                             (--json prints its data, --yes confirms)

Commands: ${COMMANDS.map(({ name }) => name).join(', ')}. "xaxbot help COMMAND" says more.`;

/** Runs what the arguments ask for; resolves to the exit code. */
async function main([first, ...rest]: string[]): Promise<number> {
  switch (first) {
    case undefined:
    case '--help':
    case '-h':
      console.log(USAGE);
      return first === undefined ? EXIT_FAILED : 0;
    case 'start':
      return start(loadConfig(place()));
    case 'demo':
      return (await import('./cli/demo.ts')).demo(place());
    case 'doctor':
      return (await import('./cli/doctor.ts')).doctor(place());
    case 'mcp':
      return (await import('./cli/mcp.ts')).mcp(loadConfig(place()), rest);
    case 'web-link':
      return webLink(rest[0]);
    default: {
      const wanted = experimentLogCommand([first, ...rest]);
      return wanted ? onExperimentLog(wanted) : command([first, ...rest]);
    }
  }
}

/** What the original scripts do, on the log's own files. */
function onExperimentLog(wanted: NonNullable<ReturnType<typeof experimentLogCommand>>): Promise<number> {
  return runExperimentLogCommand(
    wanted,
    { ...place(), now: Date.now() },
    { say: (text) => process.stdout.write(text), complain: (text) => process.stderr.write(text) },
  );
}

async function webLink(person: string | undefined): Promise<number> {
  if (person === undefined)
    throw new BotError('bad-option', 'Whose link?', 'xaxbot web-link PERSON, with a person of xaxbot.yaml.');
  try {
    console.log(await askWebLink(join(loadConfig(place()).dataDir, SOCKET_NAME), person));
    return 0;
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    throw new BotError(
      'not-running',
      'xaxbot is not running, so there is no chat to enter.',
      'Start it with "npm start", which prints a link too.',
    );
  }
}

async function command(args: string[]): Promise<number> {
  const { argv, json, yes } = terminalArguments(args, COMMANDS);
  const config = loadConfig(place());
  const printer: Printer = {
    json,
    timezone: config.timezone,
    pathOf: createFileStore(config.dataDir).pathOf,
  };
  const ask = async (request: TerminalRequest, onReply: (reply: Reply) => void) => {
    try {
      await askRunningBot(join(config.dataDir, SOCKET_NAME), request, onReply);
    } catch (error) {
      if (!(error instanceof NotRunning)) throw error;
      await runOnce(config, request, onReply);
    }
  };
  const last = await lastReply({ argv, yes }, ask, printer);
  if (last?.errorCode !== 'needs-confirmation') return last?.ok ? 0 : EXIT_FAILED;
  const question = printable(
    { blocks: last.message.blocks.filter(({ kind }) => kind !== 'buttons') },
    { now: Date.now() },
  );
  if (json || !(await askYes(question))) {
    if (!json) console.error('Nothing was done: add --yes to go ahead.');
    return EXIT_UNCONFIRMED;
  }
  // The yes is to what was shown: what the words would mean by now may be another job.
  const { token } = last.data as { token: string };
  return (await lastReply({ confirm: token }, ask, printer))?.ok ? 0 : EXIT_FAILED;
}

/** Prints what is answered; the last answer is the outcome. */
async function lastReply(
  request: TerminalRequest,
  ask: (request: TerminalRequest, onReply: (reply: Reply) => void) => Promise<void>,
  printer: Printer,
): Promise<Reply | undefined> {
  let last: Reply | undefined;
  await ask(request, (reply) => {
    last = reply;
    if (printer.json || reply.errorCode !== 'needs-confirmation' || !process.stdin.isTTY)
      printReply(reply, printer);
  });
  return last;
}

function place() {
  return { env: process.env, cwd: process.cwd() };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof BotError) console.error(`xaxbot: ${errorText(error)}`);
  else console.error(error);
  process.exitCode = EXIT_FAILED;
}
