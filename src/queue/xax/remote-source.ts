import { crc32 } from 'node:zlib';
import { errorText } from '../../core/errors.ts';
import type { Observer } from '../../core/queue.ts';
import type { Connection } from '../../hosts/connection.ts';
import type { Frame } from '../../hosts/frames.ts';
import { OBSERVER_FILE, STATE_FILE } from './files.ts';
import { observerIn } from './observer.ts';
import { createStateParser } from './state-parser.ts';
import { type Reading, STATE_MAX_BYTES, stateProblem, tooLarge, understood } from './state-reader.ts';
import type { QueueSource } from './view.ts';

/** How often the files are looked at there, seconds: it costs a stat of each. */
const LOOK_SECONDS = 0.25;
/** A whole state of ten thousand jobs over a slow line, milliseconds. */
const WATCH_MS = 60_000;
/** After a lost connection the queue is said to be unreadable once it has lasted so long, milliseconds. */
const LOST_MS = 10_000;

/** A file there, as it was told of last. */
type Told =
  | { kind: 'content'; content: Buffer; count: number }
  | { kind: 'absent'; folder: boolean }
  | { kind: 'problem'; error: Error };

/** What differs between two contents: copies of the old one, [from, length], and lengths of what came besides, in turn. */
type Pieces = readonly (readonly [from: number, length: number] | number)[];

/**
 * A queue's files in a folder of another host: what there.py tells of them, of each change what differs. `onChange` hears
 * that something is new.
 */
export function createRemoteSource(deps: {
  name: string;
  /** The folder there, and what it is called for people. */
  home(): string;
  onChange(): void;
  /** Why the host is not reached, since when (epoch milliseconds); null where it is. */
  unreached(): { problem: string; since: number } | null;
  /** Epoch milliseconds. */
  now(): number;
  /** How far the clock there is ahead of ours, seconds. */
  ahead(): number;
}) {
  const { name, home, onChange, unreached } = deps;
  let parser = createStateParser(name);
  /** The count of the content that the parser has taken. */
  let taken = -1;
  let count = 0;
  const files = new Map<string, Told>();
  let process = { pid: 0, isAlive: false };
  let watch: { connection: Connection; id: number } | undefined;

  function hear({ head, payload }: Frame): void {
    if (typeof head.pid === 'number' || head.pid === null)
      process = { pid: Number(head.pid ?? 0), isAlive: head.alive === true };
    else if (typeof head.file === 'string') take(head.file, head, payload);
    onChange();
  }

  function take(file: string, head: Frame['head'], payload: Buffer): void {
    if (head.absent === true) files.set(file, { kind: 'absent', folder: head.folder === true });
    else if (typeof head.why === 'string')
      files.set(file, {
        kind: 'problem',
        error: stateProblem(
          pathOf(file),
          `cannot be read: ${head.why}`,
          'Give the user that logs in there read access to it.',
        ),
      });
    else if (Array.isArray(head.pieces)) join(file, head.pieces as Pieces, head.crc as number, payload);
    else if (head.same !== true)
      files.set(file, { kind: 'problem', error: tooLarge(pathOf(file), Number(head.size)) });
  }

  /** Where the two sides do not agree on what was there before, all of it is told again. */
  function join(file: string, pieces: Pieces, crc: number, literal: Buffer): void {
    const before = files.get(file);
    const content = joined(before?.kind === 'content' ? before.content : Buffer.alloc(0), pieces, literal);
    if (crc32(content) === crc) {
      count += 1;
      files.set(file, { kind: 'content', content, count });
      return;
    }
    files.delete(file);
    void watch?.connection.ask({ do: 'again', of: watch.id }, { withinMs: WATCH_MS }).catch(() => {});
  }

  const pathOf = (file: string) => `${home()}/${file}`;

  const source: QueueSource = {
    anew() {
      parser = createStateParser(name);
      taken = -1;
    },
    readState(force): { reading: Reading | null; problem: string | null } {
      const away = unreached();
      if (away && deps.now() - away.since >= LOST_MS) return { reading: null, problem: away.problem };
      const told = files.get(STATE_FILE);
      if (!told) return { reading: null, problem: away?.problem ?? null };
      if (told.kind === 'absent') return { reading: { kind: 'absent' }, problem: null };
      if (told.kind === 'problem') return { reading: null, problem: errorText(told.error) };
      if (told.count === taken && !force) return { reading: { kind: 'same' }, problem: null };
      try {
        const state = understood(pathOf(STATE_FILE), told.content, parser.parse);
        taken = told.count;
        return { reading: state ? { kind: 'state', state } : { kind: 'same' }, problem: null };
      } catch (error) {
        return { reading: null, problem: errorText(error) };
      }
    },
    readObserver(nowSeconds): Observer | null {
      const told = files.get(OBSERVER_FILE);
      if (told?.kind !== 'content') return null;
      return observerIn(
        told.content,
        nowSeconds + deps.ahead(),
        (pid) => pid === process.pid && process.isAlive,
      );
    },
    missing: {
      file: () => pathOf(STATE_FILE),
      folder() {
        const told = files.get(STATE_FILE);
        return told?.kind === 'absent' && !told.folder
          ? `The queue's folder ${home()} does not exist. If xax uses another folder there, name it as home.`
          : null;
      },
    },
  };

  return {
    source,
    /** Follows the files over a new connection; resolves when both were told of. */
    async follow(connection: Connection): Promise<void> {
      files.clear();
      const question = {
        do: 'watch',
        ...{
          folder: home(),
          names: [STATE_FILE, OBSERVER_FILE],
          most: STATE_MAX_BYTES,
          seconds: LOOK_SECONDS,
        },
      };
      let id = 0;
      await connection.ask(question, {
        withinMs: WATCH_MS,
        stays: true,
        onEvent(frame) {
          id = frame.head.id as number;
          watch = { connection, id };
          hear(frame);
        },
      });
    },
    /** Has the files looked at now; resolves when what was new is told. */
    async look(): Promise<void> {
      if (watch) await watch.connection.ask({ do: 'look', of: watch.id }, { withinMs: WATCH_MS });
    },
  };
}

/** A content from the one before. A piece that lies outside of it gives what the checksum refuses. */
function joined(before: Buffer, pieces: Pieces, literal: Buffer): Buffer {
  let at = 0;
  return Buffer.concat(
    pieces.map((piece) => {
      if (typeof piece !== 'number') return before.subarray(piece[0], piece[0] + piece[1]);
      at += piece;
      return literal.subarray(at - piece, at);
    }),
  );
}
