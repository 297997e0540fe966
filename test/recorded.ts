import { fileURLToPath } from 'node:url';
import { createLog } from '../src/cli/log.ts';
import type { Log } from '../src/core/log.ts';

/** What was recorded from the real xax. */
export const FIXTURES = fileURLToPath(new URL('./fixtures/xax/', import.meta.url));

export const quietLog: Log = createLog('silent');
