import { afterAll } from 'vitest';
import { closeUmask } from '../src/processes/umask.ts';
import { removeTemporaryFolders } from './helpers.ts';

// As in src/main.ts: what a bot in this process makes is for nobody else.
closeUmask();

afterAll(removeTemporaryFolders);
