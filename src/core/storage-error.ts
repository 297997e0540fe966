import { BotError } from './errors.ts';

/** What keeps a database from being read or written. */
export type StorageTrouble = 'full' | 'read-only' | 'locked' | 'unreadable' | 'damaged';

const WORDS: Record<StorageTrouble, [what: string, hint: string]> = {
  full: [
    'The disk of the data folder is full: nothing can be written down.',
    'Free up space there; what the queue does is kept track of, and told when there is room.',
  ],
  'read-only': [
    'The data folder cannot be written to: its disk or its files are read-only.',
    'Give xaxbot write access to it; it goes on by itself.',
  ],
  locked: [
    'Another program holds the database locked.',
    'Close what has xaxbot.sqlite open, as a database browser or a copy of it; xaxbot goes on by itself.',
  ],
  unreadable: [
    'The disk of the data folder does not read or write as it should.',
    'Look at the disk; xaxbot goes on by itself once it works.',
  ],
  damaged: ['The database is damaged.', 'xaxbot sets it aside and goes on from its newest backup.'],
};

/** Something was not written down, or not read, for what the database or its disk is. Nothing of it was done. */
export class StorageError extends BotError {
  readonly trouble: StorageTrouble;

  constructor(trouble: StorageTrouble, cause: unknown) {
    super('storage', WORDS[trouble][0], WORDS[trouble][1]);
    this.name = 'StorageError';
    this.trouble = trouble;
    this.cause = cause;
  }
}

/** What Node's own errors of the disk are (errno of open, write and the like). */
const DISK: Record<string, StorageTrouble> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EIO: 'unreadable',
};

/** The same of a file that could not be written or read for what its disk is; undefined for any other error. */
export function diskError(error: unknown): StorageError | undefined {
  if (error instanceof StorageError) return error;
  const trouble = DISK[String((error as { code?: unknown } | null)?.code)];
  return trouble && new StorageError(trouble, error);
}
