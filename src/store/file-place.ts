import { join } from 'node:path';
import type { FileRef } from '../core/message.ts';

/** As {@link createFileStore} names what it keeps: by its content. */
const FILE_NAME = /^[0-9a-f]{32}\.[a-z0-9]{1,8}$/;

/** Where files of messages are kept. */
export function filesFolder(dataDir: string): string {
  return join(dataDir, 'files');
}

/** Where a kept file lies; undefined for a name that none can have. */
export function filePlace(dataDir: string, { file }: FileRef): string | undefined {
  return FILE_NAME.test(file) ? join(filesFolder(dataDir), file) : undefined;
}
