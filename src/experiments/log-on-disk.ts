import { setTimeout as sleep } from 'node:timers/promises';
import { BotError } from '../core/errors.ts';
import { inSlices } from '../core/slices.ts';
import type { ParsedExperimentLog } from './csv.ts';
import { parsingExperimentLogBytes } from './decode.ts';
import { isAsRead, type KnownFile, LOG_MAX_BYTES, readContent } from './disk-file.ts';
import { digesting } from './file-digest.ts';

/** More rows are not compared with the database, unless it has as many itself. */
const ROWS_MAX = 100_000;
/** By so much of what the bot itself keeps there a log that others have edited may be larger. */
const GROWTH = 1.25;

/** The file as it was found; `bytes` where it was read anew. */
export type FoundFile = KnownFile & { bytes?: Buffer };

/** A log's file as others leave it: looked at once it stands still, read when somebody wrote it, and no larger than can be taken in. */
export function createLogOnDisk(
  path: string,
  known: { file(): { bytes: number }; rowsKnown(): number },
  { settleMs, unchangedMs }: { settleMs: number; unchangedMs: number },
) {
  /** What was found at the last look, which is not read again while nobody writes it. */
  let seen: KnownFile | undefined;
  /** The last content that was found to be more than can be taken in. */
  let refused: { digest: string; error: BotError } | null = null;

  /** A larger file is not read, unless what the bot itself keeps there is. */
  const mostBytes = (): number => Math.max(LOG_MAX_BYTES, known.file().bytes * GROWTH);

  return {
    mostBytes,

    /** What the bot itself has put there; undefined where nobody has looked yet. */
    stands(file: KnownFile | undefined): void {
      seen = file;
    },

    /**
     * The file once it has stopped changing; as it is when it does not stop. Undefined when there is none. What is agreed upon or
     * taken in already is not read again while nobody writes it.
     */
    async look(digests: {
      agreed: string | null;
      taken: string | undefined;
    }): Promise<FoundFile | undefined> {
      const { agreed, taken } = digests;
      const isKnown = seen && (seen.digest === agreed || seen.digest === taken);
      if (isKnown && (await isAsRead(path, seen!.state))) return seen;
      const until = performance.now() + unchangedMs;
      for (;;) {
        const found = await readContent(path, mostBytes());
        const digest = found && (await digestOf([found.bytes]));
        const age = Date.now() - (found?.modifiedMs ?? 0);
        const isSettled = digest === undefined || digest === agreed || age < 0 || age >= settleMs;
        if (isSettled || performance.now() > until) {
          seen = digest === undefined ? undefined : { digest, state: found!.state };
          return seen && { ...seen, bytes: found!.bytes };
        }
        await sleep(settleMs);
      }
    },

    /** Error `log-too-large`; what was found to be so is not parsed again. `goOn` is asked before each slice. */
    async parsed(bytes: Buffer, digest: string, goOn: () => void): Promise<ParsedExperimentLog> {
      if (refused?.digest === digest) throw refused.error;
      refused = null;
      try {
        return await inSlices(
          parsingExperimentLogBytes(bytes, Math.max(ROWS_MAX, known.rowsKnown() * GROWTH)),
          (slice) => {
            goOn();
            return slice();
          },
        );
      } catch (error) {
        if (error instanceof BotError) refused = { digest, error };
        throw error;
      }
    },
  };
}

/** What a content is known by. */
export function digestOf(pieces: readonly Buffer[]): Promise<string> {
  return inSlices(digesting(pieces));
}
