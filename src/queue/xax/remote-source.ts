import { errorText } from '../../core/errors.ts';
import type { Observer } from '../../core/queue.ts';
import type { Connection } from '../../hosts/connection.ts';
import type { Frame } from '../../hosts/frames.ts';
import { OBSERVER_FILE, STATE_FILE } from './files.ts';
import { observerIn } from './observer.ts';
import { applied, type Edit } from './state-edits.ts';
import { createStateParser, foldStates, type ParsedState } from './state-parser.ts';
import { type Reading, STATE_MAX_BYTES, tooLarge, understood, unreadable } from './state-reader.ts';
import type { QueueSource } from './view.ts';

/** How often the files are looked at there, seconds: it costs a stat of each. */
const LOOK_SECONDS = 0.25;
/** What differs only in the children of a job is told after so long, or when it is asked for: nothing here is decided by them. */
const CHILDREN_SECONDS = 30;
/** A whole state of ten thousand jobs over a slow line, milliseconds. */
const WATCH_MS = 60_000;
/** After a lost connection the queue is said to be unreadable once it has lasted so long, milliseconds. */
const LOST_MS = 10_000;

/** A small file there, as it was told of last. */
type Told = { kind: 'content'; content: Buffer } | { kind: 'absent'; folder: boolean } | Unreadable;
/** The state's file: its content is what the parser has, but for one that it did not understand. */
type ToldState =
  | { kind: 'content'; refused: { content: Buffer; problem: string } | null }
  | { kind: 'absent'; folder: boolean }
  | Unreadable;
type Unreadable = { kind: 'problem'; error: Error };

const NOTHING = Buffer.alloc(0);

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
  let state: ToldState | undefined;
  /** What the parser found since it was asked last. */
  let news: ParsedState | undefined;
  let observer: Told | undefined;
  let process = { pid: 0, isAlive: false };
  /** What was told of files and is not taken yet: the jobs of a snapshot change with the next one, and not before. */
  let heard: Frame[] = [];
  let watch: { connection: Connection; id: number } | undefined;

  function hear({ head, payload }: Frame): void {
    if (typeof head.pid === 'number' || head.pid === null)
      process = { pid: Number(head.pid ?? 0), isAlive: head.alive === true };
    else if (typeof head.file === 'string') heard.push({ head, payload });
    onChange();
  }

  function take({ head, payload }: Frame): void {
    const file = head.file as string;
    const away = awayIn(file, head);
    if (away) {
      if (file === STATE_FILE) state = away;
      else observer = away;
      return;
    }
    if (!Array.isArray(head.pieces)) return;
    const before =
      file === STATE_FILE ? stateBefore() : observer?.kind === 'content' ? observer.content : NOTHING;
    const edits = editsBy(head.pieces as Pieces, payload, before.length);
    if (!edits || grownBy(edits, before.length) !== head.length) tellAgain(file);
    else if (file === STATE_FILE) takeState(before, edits);
    else observer = { kind: 'content', content: applied(before, edits) };
  }

  /** The two sides do not agree on what was there before: all of it is told again. */
  function tellAgain(file: string): void {
    if (file === STATE_FILE) state = undefined;
    else observer = undefined;
    void watch?.connection.ask({ do: 'again', of: watch.id }, { withinMs: WATCH_MS }).catch(() => {});
  }

  /** Why there is no content. */
  function awayIn(file: string, head: Frame['head']): Exclude<Told, { kind: 'content' }> | undefined {
    if (head.absent === true) return { kind: 'absent', folder: head.folder === true };
    if (typeof head.why === 'string')
      return {
        kind: 'problem',
        error: unreadable(pathOf(file), head.why, head.code, {
          reader: 'the user that logs in there',
          setting: 'home of the queue',
        }),
      };
    return head.same === false
      ? { kind: 'problem', error: tooLarge(pathOf(file), Number(head.size)) }
      : undefined;
  }

  /** What the next content is told by. */
  function stateBefore(): Buffer {
    return state?.kind === 'content' ? (state.refused?.content ?? parser.content()) : NOTHING;
  }

  /** What the parser does not understand is kept beside it. */
  function takeState(before: Buffer, edits: readonly Edit[]): void {
    const isNext = state?.kind === 'content' && !state.refused;
    const content = isNext ? null : applied(before, edits);
    try {
      const found = understood(
        pathOf(STATE_FILE),
        () => grownBy(edits, before.length),
        () => (content ? parser.parse(content) : parser.edit(edits)),
      );
      state = { kind: 'content', refused: null };
      news = news && found ? foldStates(news, found) : (found ?? news);
    } catch (error) {
      const refused = Buffer.from(content ?? applied(before, edits));
      state = { kind: 'content', refused: { content: refused, problem: errorText(error) } };
    }
  }

  const pathOf = (file: string) => `${home()}/${file}`;

  const source: QueueSource = {
    anew() {
      const known = parser.content();
      parser = createStateParser(name);
      news = undefined;
      if (known.length > 0) news = parser.parse(known);
    },
    readState(): { reading: Reading | null; problem: string | null } {
      const away = unreached();
      if (away && deps.now() - away.since >= lostMs) return { reading: null, problem: away.problem };
      for (const frame of heard.splice(0)) take(frame);
      if (!state) return { reading: null, problem: away?.problem ?? null };
      if (state.kind === 'absent') return { reading: { kind: 'absent' }, problem: null };
      if (state.kind === 'problem') return { reading: null, problem: errorText(state.error) };
      if (state.refused) return { reading: null, problem: state.refused.problem };
      const found = news;
      news = undefined;
      return { reading: found ? { kind: 'state', state: found } : { kind: 'same' }, problem: null };
    },
    readObserver(nowSeconds): Observer | null {
      if (observer?.kind !== 'content') return null;
      return observerIn(
        observer.content,
        nowSeconds + deps.ahead(),
        (pid) => pid === process.pid && process.isAlive,
      );
    },
    missing: {
      file: () => pathOf(STATE_FILE),
      folder() {
        return state?.kind === 'absent' && !state.folder
          ? `The queue's folder ${home()} does not exist. If xax uses another folder there, name it as home.`
          : null;
      },
    },
  };

  return {
    source,
    /** Follows the files over a new connection; resolves when both were told of. */
    async follow(connection: Connection): Promise<void> {
      heard = [];
      state = undefined;
      observer = undefined;
      const question = {
        do: 'watch',
        ...{
          folder: home(),
          names: [STATE_FILE, OBSERVER_FILE],
          most: STATE_MAX_BYTES,
          seconds: LOOK_SECONDS,
          childrenSeconds: CHILDREN_SECONDS,
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

/** How long a content of so many bytes is after edits. */
function grownBy(edits: readonly Edit[], before: number): number {
  return edits.reduce((sum, { at, until, bytes }) => sum + bytes.length - (until - at), before);
}

/** The pieces as edits of the content before, which has so many bytes; undefined where they are of none that is so long. */
function editsBy(pieces: Pieces, literal: Buffer, before: number): Edit[] | undefined {
  const edits: Edit[] = [];
  let at = 0;
  let taken = 0;
  let come = 0;
  const close = (until: number) => {
    if (until > at || come > taken) edits.push({ at, until, bytes: literal.subarray(taken, come) });
    taken = come;
  };
  for (const piece of pieces) {
    if (typeof piece === 'number') come += piece;
    else {
      const [from, length] = piece;
      if (from < at || from + length > before) return undefined;
      close(from);
      at = from + length;
    }
  }
  close(before);
  return edits;
}
