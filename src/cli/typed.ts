import { askAsTyped, askRunningBot, NotRunning } from '../../adapters/terminal/client.ts';
import { loadDataDir } from '../config/data-dir.ts';
import type { Reply } from '../core/adapter.ts';
import { answered, createPrinting } from './answered.ts';
import { botSocket } from './bot-socket.ts';
import type { Place } from './place.ts';

/**
 * `xaxbot COMMAND …`: the running bot reads the line, so that nothing of the commands is loaded here. What it does not read, and all
 * while no bot runs, is read here. Resolves to the exit code.
 */
export async function typed(place: Place, args: string[]): Promise<number> {
  const dataDir = loadDataDir(place);
  const printing = createPrinting(place, dataDir);
  const socket = botSocket(dataDir);
  const heard = (onReply: (reply: Reply) => void) => (reply: Reply, zone: string) => {
    printing.timezone = zone;
    onReply(reply);
  };
  let isRead = false;
  const code = await answered(
    async (onReply) => {
      isRead = await askAsTyped(
        socket,
        { typed: args },
        ({ json, pager }) => Object.assign(printing, { json, isPaged: pager && !json }),
        heard(onReply),
      ).catch((error: unknown) => {
        if (error instanceof NotRunning) return false;
        throw error;
      });
    },
    (token) => (onReply) => askRunningBot(socket, { confirm: token }, heard(onReply)),
    printing,
  );
  return isRead ? code : (await import('./command.ts')).command(place, args);
}
