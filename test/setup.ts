import { afterAll } from 'vitest';
import { removeTemporaryFolders } from './helpers.ts';

afterAll(removeTemporaryFolders);
