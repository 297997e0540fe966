import { join } from 'node:path';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import { complain } from '../../adapters/terminal/screen.ts';
import { holdDataFolder } from '../files/data-folder.ts';
import { remarkText } from '../files/walls.ts';

/**
 * The socket of the bot that uses a data folder, for whoever is about to ask it: the folder and the socket are this user's, so
 * that nobody else hears what is asked, or answers. Error `not-ours`.
 */
export function botSocket(dataDir: string): string {
  for (const remark of holdDataFolder(dataDir))
    if (remark.act === 'mend') complain(`xaxbot: ${remarkText(remark)}`);
  return join(dataDir, SOCKET_NAME);
}
