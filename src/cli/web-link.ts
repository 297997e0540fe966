import { askWebLink, NotRunning } from '../../adapters/terminal/client.ts';
import { complain, say } from '../../adapters/terminal/screen.ts';
import { loadDataDir } from '../config/data-dir.ts';
import { BotError } from '../core/errors.ts';
import { shellCommand } from '../core/shell-command.ts';
import { botSocket } from './bot-socket.ts';
import type { Place } from './place.ts';
import type { Given } from './subcommand.ts';

/** `xaxbot web-link`: asks the running bot for a new link into the web chat. Resolves to the exit code. */
export async function webLink(place: Place, { words: [person] }: Given): Promise<number> {
  const dataDir = loadDataDir(place);
  try {
    const { url, tunnel } = await askWebLink(botSocket(dataDir), person);
    say(url);
    if (tunnel !== null) complain(`From another machine, first run: ${tunnel}`);
    return 0;
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    throw new BotError(
      'not-running',
      `xaxbot is not running with the data folder ${dataDir}, so there is no chat to enter.`,
      `Start it with "${shellCommand('start')}", which prints a link too.`,
    );
  }
}
