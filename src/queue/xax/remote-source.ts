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
/** Room for growth when a buffer must be made larger. */
const GROWTH = 1.25;
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
 * A queue's files in a folder of another host: what hosts/there tells of them, of each change what differs. `onChange` hears
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
  lostMs?: number | undefined;
}) {
  const { name, home, onChange, unreached, lostMs = LOST_MS } = deps;
  let parser = createStateParser(name);
  /** The count of the content that the parser has taken. */
  let taken = -1;
  let count = 0;
  const files = new Map<string, Told>();
  const room = createRoom();
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
    const told = files.get(file);
    const before = told?.kind === 'content' ? told.content : Buffer.alloc(0);
    const size = lengthOf(pieces);
    // What is told of last, and what the parser compares with, stay as they are.
    const content = file === STATE_FILE ? room.take(size, [before, parser.last()]) : Buffer.alloc(size);
    joinInto(content, before, pieces, literal);
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
      if (away && deps.now() - away.since >= lostMs) return { reading: null, problem: away.problem };
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

/** Room for contents that are as good as equally long, used in turn: each change of a large file would leave one behind. */
function createRoom() {
  const buffers: Buffer[] = [];
  return {
    /** So many bytes, of which none are those of `held`. */
    take(size: number, held: readonly Buffer[]): Buffer {
      const isFree = (buffer: Buffer) => held.every((each) => each.buffer !== buffer.buffer);
      const at = buffers.findIndex(isFree);
      const found = at < 0 ? undefined : buffers[at]!;
      if (found && found.length >= size) return found.subarray(0, size);
      const fresh = Buffer.allocUnsafeSlow(Math.ceil(size * GROWTH));
      if (at < 0) buffers.push(fresh);
      else buffers[at] = fresh;
      return fresh.subarray(0, size);
    },
  };
}

/** How long a content is that is made of these pieces. */
function lengthOf(pieces: Pieces): number {
  return pieces.reduce<number>((sum, piece) => sum + (typeof piece === 'number' ? piece : piece[1]), 0);
}

/** Makes a content from the one before. A piece that lies outside of it gives what the checksum refuses. */
function joinInto(content: Buffer, before: Buffer, pieces: Pieces, literal: Buffer): void {
  let at = 0;
  let taken = 0;
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      literal.copy(content, at, taken, taken + piece);
      taken += piece;
      at += piece;
    } else {
      before.copy(content, at, piece[0], piece[0] + piece[1]);
      at += piece[1];
    }
  }
}
