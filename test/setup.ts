import { afterAll } from 'vitest';
import { removeTemporaryFolders } from './helpers.ts';

// As in src/main.ts: what a bot in this process makes is for nobody else. What the team's is, follows the umask from before.
process.env.XAXBOT_UMASK ??= process.umask(0o077).toString(8);

afterAll(removeTemporaryFolders);
