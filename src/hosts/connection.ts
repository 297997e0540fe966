import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BotError } from '../core/errors.ts';
import { startStanding } from '../processes/standing.ts';
import { swallowed, whyEnded } from './failures.ts';
import { createFrames, type Frame } from './frames.ts';
import { unpacked } from './packed.ts';
import { type SshPlace, sshArguments } from './ssh-arguments.ts';

/** The program that works there, which is sent with each connection: these files of there/, one behind the other. */
const PARTS = ['speaking', 'files', 'processes', 'programs', 'watched-files', 'changes', 'server'];

/** Milliseconds. */
export const CONNECTION_TIMINGS = {
  /** From the start of ssh until the program there says that it is: a login asks directories, and starts a Python. */
  beginMs: 30_000,
  /** How often something is asked where nothing else is. */
  pingMs: 15_000,
  /** After it without an answer the connection is dead, whatever ssh takes it for. */
  pongMs: 15_000,
};

/** What is asked there: hosts/there has what each deed takes. */
export interface Question {
  do: string;
  [field: string]: unknown;
}

export interface AskOptions {
  input?: Buffer | undefined;
  /** How long an answer may take, milliseconds; the connection is then taken for dead. */
  withinMs: number;
  /** Hears what comes before the answer; where it `stays`, what comes after it too. */
  onEvent?: ((frame: Frame) => void) | undefined;
  stays?: boolean;
}

/** An answer, and the bytes that came with it. */
export interface Answer {
  ok: unknown;
  payload: Buffer;
}

/** What the program there refused: `code` by hosts/there, and what its words need. */
export class RefusedThere extends Error {
  readonly code: string;
  readonly about: Readonly<Record<string, unknown>>;

  constructor(about: Readonly<Record<string, unknown>>) {
    super(typeof about.why === 'string' ? about.why : String(about.code));
    this.code = String(about.code);
    this.about = about;
  }
}

/** The connection ended before an answer came: whether what was asked was done, nobody knows. */
export class AnswerLost extends BotError {
  constructor(reason: Error) {
    super('host-unreachable', reason.message, reason instanceof BotError ? reason.hint : undefined);
  }
}

/** One connection, which is used once: when it is over, whatever was asked over it is answered so. */
export interface Connection {
  /** Rejects with RefusedThere for what was refused there, and with AnswerLost when it ended meanwhile. */
  ask(question: Question, options: AskOptions): Promise<Answer>;
  /** Resolves when it is over, with why. */
  over: Promise<Error>;
  end(): void;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Opens a connection by the user's own ssh client. Error `host-unreachable`: what ssh said, and what to do. */
export async function openConnection(deps: {
  place: SshPlace;
  env: NodeJS.ProcessEnv;
  timings?: Partial<typeof CONNECTION_TIMINGS> | undefined;
}): Promise<Connection> {
  const { place, env } = deps;
  const { beginMs, pingMs, pongMs } = { ...CONNECTION_TIMINGS, ...deps.timings };
  const mark = randomBytes(16).toString('hex');
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<number, { onEvent(frame: Frame): void; stays: boolean }>();
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<Error>();
  begun.promise.catch(() => {});
  let count = 0;
  let hasBegun = false;
  let why: Error | undefined;
  let pings: NodeJS.Timeout | undefined;

  const frames = createFrames(
    mark,
    () => {
      hasBegun = true;
      begun.resolve();
    },
    hear,
  );
  const program = await startStanding({
    argv: sshArguments(place),
    env,
    onOutput(chunk) {
      if (why) return;
      try {
        frames.push(chunk);
      } catch (error) {
        fail(
          new BotError(
            'host-unreachable',
            `${place.host} sends what is no answer: ${(error as Error).message}.`,
          ),
        );
      }
    },
  });
  const parts = PARTS.map((part) => readFileSync(new URL(`./there/${part}.py`, import.meta.url), 'utf8'));
  const source = [`MARK = b"${mark}"\n`, ...parts].join('\n\n');
  program.write(`${Buffer.byteLength(source)}\n${source}`);
  const late = setTimeout(() => fail(swallowed(place, frames.said())), beginMs);
  void program.ended.then((end) => {
    fail(whyEnded(place, end, hasBegun ? null : frames.said()));
  });

  function hear(frame: Frame): void {
    const { ok, error } = frame.head;
    const id = frame.head.id as number;
    const whole = { ...frame, payload: unpacked(frame) };
    const asked = waiting.get(id);
    if (!asked || (ok === undefined && error === undefined)) {
      listeners.get(id)?.onEvent(whole);
      return;
    }
    waiting.delete(id);
    if (!listeners.get(id)?.stays) listeners.delete(id);
    clearTimeout(asked.timer);
    if (error === undefined) asked.resolve({ ok, payload: whole.payload });
    else asked.reject(new RefusedThere(error as Record<string, unknown>));
  }

  /** Only the first reason counts. */
  function fail(reason: Error): void {
    if (why) return;
    why = reason;
    clearTimeout(late);
    clearInterval(pings);
    program.end();
    begun.reject(reason);
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new AnswerLost(reason));
    }
    waiting.clear();
    over.resolve(reason);
  }

  function ask(question: Question, { input, withinMs, onEvent, stays = false }: AskOptions): Promise<Answer> {
    if (why) return Promise.reject(new AnswerLost(why));
    count += 1;
    const id = count;
    const answer = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => {
      fail(new BotError('host-unreachable', `${place.host} has not answered within ${withinMs / 1000} s.`));
    }, withinMs);
    waiting.set(id, { resolve: answer.resolve, reject: answer.reject, timer });
    if (onEvent) listeners.set(id, { onEvent, stays });
    const head = JSON.stringify({ id, ...question, ...(input ? { bytes: input.length } : {}) });
    program.write(input ? Buffer.concat([Buffer.from(`${head}\n`), input]) : `${head}\n`);
    return answer.promise;
  }

  await begun.promise;
  clearTimeout(late);
  pings = setInterval(() => void ask({ do: 'nothing' }, { withinMs: pongMs }).catch(() => {}), pingMs);
  return {
    ask,
    over: over.promise,
    end: () => fail(new BotError('host-unreachable', `The connection to ${place.host} was ended.`)),
  };
}
