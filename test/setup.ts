import { afterAll } from 'vitest';
import { closeUmask } from '../src/processes/umask.ts';
import { removeTemporaryFolders } from './helpers.ts';
import { stopServers } from './servers/running.ts';

// As in src/main.ts: what a bot in this process makes is for nobody else.
closeUmask();

afterAll(async () => {
  await stopServers();
  removeTemporaryFolders();
});
