import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, pauseAfter } from '../core/backoff.ts';
import { BotError, errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Clock } from '../core/time.ts';
import {
  type Answer,
  AnswerLost,
  type AskOptions,
  type CONNECTION_TIMINGS,
  type Connection,
  openConnection,
  type Question,
  RefusedThere,
} from './connection.ts';
import type { SshPlace } from './ssh-arguments.ts';

/** Milliseconds. */
export const HOST_TIMINGS = {
  /** The pauses before a host is tried again. */
  again: { firstMs: 1_000, longestMs: 60_000 } as Backoff,
  /** A connection that stood so long begins a new row of pauses. */
  steadyMs: 30_000,
  /** Of a pause so much is kept, however much somebody waits for its end. */
  soonestMs: 5_000,
  /** How long a question waits for a connection that is being opened. */
  connectedMs: 15_000,
  /** How long it is tried to find out what became of a change, and how often. */
  outcomeMs: 60_000,
  outcomeEachMs: 500,
  /** How long a question may take that only reads. */
  readMs: 15_000,
};

/** What the program there says of its host. */
export interface HostFacts {
  python: string;
  /** The path of its Python. */
  executable: string;
  user: string;
  uid: number;
  home: string;
  /** As it calls itself. */
  host: string;
  /** The folder of the queue that a login has there; null where its environment names it by a relative path. */
  queue: string | null;
}

export type HostState =
  | { isUp: true }
  /** `problem` is a sentence or two; null: it was not tried yet. */
  | { isUp: false; problem: string | null; since: number };

/** Another host, over a connection that is opened anew whenever it is lost. */
export interface Host {
  /** As it is named in the settings. */
  readonly name: string;
  start(): void;
  /** Resolves once the first connection stands, or could not be made. */
  tried(): Promise<void>;
  stop(): Promise<void>;
  state(): HostState;
  /** As it said last; undefined before it was reached. */
  facts(): HostFacts | undefined;
  /** How far its clock is ahead of ours, seconds. */
  ahead(): number;
  /** Asks for what changes nothing. Error `host-unreachable`, or RefusedThere. */
  ask(question: Question, options?: Partial<AskOptions>): Promise<Answer>;
  /**
   * Resolves when it is reached. Where it is not, somebody waits for it: it is tried again soon, whatever pause is left. Error
   * `host-unreachable` when that has failed.
   */
  wanted(): Promise<void>;
  /**
   * Has something changed, once. Where the connection is lost meanwhile, what became of it is found out. Error
   * `outcome-unknown` where that cannot be had in time; `host-unreachable`: it was not begun.
   */
  change(question: Question, options: AskOptions): Promise<Answer>;
}

/** Keeps a connection to a host. `onUp` hears of each new one, before anything else is asked over it. */
export function createHost(deps: {
  place: SshPlace;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Log;
  onUp(connection: Connection): Promise<unknown>;
  /** Whether it is reached, or why not, is something else than before. */
  onChange(): void;
  timings?: Partial<typeof HOST_TIMINGS> | undefined;
  connection?: Partial<typeof CONNECTION_TIMINGS> | undefined;
}): Host {
  const { place, env, clock, log } = deps;
  const timings = { ...HOST_TIMINGS, ...deps.timings };
  const name = place.host;
  let stopping = new AbortController();
  let running: Promise<void> | undefined;
  let connection: Connection | undefined;
  let state: HostState = { isUp: false, problem: null, since: clock() };
  let ahead = 0;
  let facts: HostFacts | undefined;
  /** Resolved at the next connection, or the next failure to make one. */
  let turn = Promise.withResolvers<void>();
  /** Aborted where somebody waits for the next try. */
  let pause = new AbortController();

  function turned(): void {
    turn.resolve();
    turn = Promise.withResolvers();
  }

  function isDown(error: unknown): void {
    const problem = errorText(error);
    const since = state.isUp ? clock() : state.since;
    if (state.isUp || state.problem !== problem) log.warn({ host: name, problem }, 'a host is not reached');
    state = { isUp: false, problem, since };
    deps.onChange();
  }

  async function keep(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now();
      try {
        await once(signal);
      } catch (error) {
        isDown(error);
      }
      turned();
      if (signal.aborted) return;
      failures = performance.now() - began > timings.steadyMs ? 1 : failures + 1;
      pause = new AbortController();
      const pauseMs = pauseAfter(timings.again, failures);
      const leastMs = Math.min(pauseMs, timings.soonestMs);
      const cut = AbortSignal.any([signal, pause.signal]);
      await sleep(leastMs, undefined, { signal }).catch(() => {});
      await sleep(pauseMs - leastMs, undefined, { signal: cut }).catch(() => {});
    }
  }

  /** One connection, until it is over. */
  async function once(signal: AbortSignal): Promise<void> {
    const opened = await openConnection({ place, env, timings: deps.connection });
    const end = () => opened.end();
    signal.addEventListener('abort', end);
    try {
      if (signal.aborted) return end();
      const asked = clock();
      const { ok } = await opened.ask({ do: 'hello' }, { withinMs: timings.readMs });
      const { now, ...told } = ok as HostFacts & { now: number };
      facts = told;
      ahead = now - (asked + clock()) / 2_000;
      await deps.onUp(opened);
      connection = opened;
      state = { isUp: true };
      log.info({ host: name, python: told.python }, 'a host is reached');
      turned();
      deps.onChange();
      const why = await opened.over;
      if (!signal.aborted) throw why;
    } finally {
      connection = undefined;
      signal.removeEventListener('abort', end);
      opened.end();
    }
  }

  /**
   * The connection that stands, waited for: where it is known why there is none, through so many further tries, which come soon.
   * Error `host-unreachable`.
   */
  async function connected({ withinMs, tries }: { withinMs: number; tries: number }): Promise<Connection> {
    const until = performance.now() + withinMs;
    for (let tried = 0; !connection; tried += 1) {
      const left = until - performance.now();
      const isKnown = !state.isUp && state.problem !== null;
      if (left <= 0 || stopping.signal.aborted || (isKnown && tried >= tries)) throw notReached();
      if (tries > 0) pause.abort();
      await Promise.race([turn.promise, sleep(left, undefined, { ref: false })]);
    }
    return connection;
  }

  function notReached(): BotError {
    const problem = state.isUp ? null : state.problem;
    return new BotError('host-unreachable', problem ?? `${name} is not reached.`);
  }

  async function ask(question: Question, options: Partial<AskOptions> = {}): Promise<Answer> {
    const there = await connected({ withinMs: timings.connectedMs, tries: 0 });
    return there.ask(question, { withinMs: timings.readMs, ...options });
  }

  const wanted = () => connected({ withinMs: timings.connectedMs, tries: 1 });

  async function change(question: Question, options: AskOptions): Promise<Answer> {
    const id = randomBytes(12).toString('hex');
    const there = await wanted();
    try {
      return await there.ask({ ...question, change: id }, options);
    } catch (error) {
      if (!(error instanceof AnswerLost)) throw error;
      log.warn({ host: name, change: id, do: question.do }, 'the connection was lost during a change');
      return await outcome(id);
    }
  }

  /** What became of a change whose answer did not come. One that had not begun by now never will. */
  async function outcome(id: string): Promise<Answer> {
    const until = performance.now() + timings.outcomeMs;
    for (;;) {
      const left = until - performance.now();
      const found = left > 0 ? await outcomeNow(id, left) : undefined;
      if (found === undefined || found.lost) throw unknown();
      if (found.never)
        throw new BotError(
          'host-unreachable',
          `The connection to ${name} was lost before it began.`,
          'Nothing was changed: try it again.',
        );
      if (found.error) throw new RefusedThere(found.error);
      if (!found.running) return { ok: found.ok, payload: Buffer.from(found.output ?? '', 'base64') };
      await sleep(timings.outcomeEachMs);
    }
  }

  async function outcomeNow(id: string, withinMs: number): Promise<Outcome | undefined> {
    try {
      const there = await connected({ withinMs, tries: Number.POSITIVE_INFINITY });
      const { ok } = await there.ask({ do: 'outcome', of: id }, { withinMs: timings.readMs });
      return ok as Outcome;
    } catch (error) {
      if (error instanceof AnswerLost) return { running: true };
      if (error instanceof BotError) return undefined;
      throw error;
    }
  }

  function unknown(): BotError {
    return new BotError(
      'outcome-unknown',
      `The connection to ${name} was lost meanwhile: nobody knows yet whether it was done.`,
      'The queue shows it when the host is reached again: look before you try again.',
    );
  }

  return {
    name,
    start() {
      stopping = new AbortController();
      running = keep(stopping.signal);
    },
    tried: () => turn.promise,
    async stop() {
      stopping.abort();
      turned();
      await running;
    },
    state: () => state,
    facts: () => facts,
    ahead: () => ahead,
    ask,
    wanted: async () => void (await wanted()),
    change,
  };
}

/** What hosts/there says of a change. */
interface Outcome {
  never?: boolean;
  running?: boolean;
  lost?: boolean;
  ok?: unknown;
  error?: Record<string, unknown>;
  /** What came with it, as base64. */
  output?: string;
}
