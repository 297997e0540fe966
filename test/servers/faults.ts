import type { ServerResponse } from 'node:http';

/** A moment of a call: it is here and nothing was done; it was done, or refused; its answer has left. */
export type Moment = 'arrived' | 'done' | 'answered';

/** Is told of each call at each of its moments, and may take its time; `false` at `arrived`: it is not done. */
export type CallWatcher = (moment: Moment, call: string, hasFiles: boolean) => unknown;

/** It is done, and of the answer only half comes: the line ends in it, or the answer is said to be whole. */
export type HalfAnswer = 'cut' | 'ended';

/** What a server does wrong with some call. */
export interface Fault {
  half?: HalfAnswer;
  /** Nothing is answered before this resolves. */
  until?: Promise<void>;
  status?: number;
  /** Slack's own code of a refusal; with status 200 unless one is given. */
  error?: string;
  /** Answers this with `status`, as something between the bot and the platform would. */
  page?: { type: string; body: string };
  retryAfterSeconds?: number;
  /** `before`: the connection ends and nothing is done. `after`: it is done, and the answer is lost. */
  drop?: 'before' | 'after';
  /** Nothing is ever answered, without it being done, or after it was. */
  silent?: 'before' | 'after';
}

/** Faults that wait for their calls, each for so many of them. */
export function createFaults() {
  const waiting: { name: string | RegExp; fault: Fault; left: number }[] = [];
  return {
    add(name: string | RegExp, fault: Fault, times = 1) {
      const added = { name, fault, left: times };
      waiting.push(added);
      return { used: () => times - added.left };
    },
    take(called: string): Fault | undefined {
      const found = waiting.find(
        ({ name, left }) => left > 0 && (typeof name === 'string' ? name === called : name.test(called)),
      );
      if (!found) return undefined;
      found.left -= 1;
      return found.fault;
    },
    clear: () => void waiting.splice(0),
  };
}

/** Answers with half of a body, and leaves it at that. */
export function answerHalf(response: ServerResponse, half: HalfAnswer, body: string): void {
  const part = body.slice(0, body.length / 2);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(half === 'cut' ? body : part),
  });
  if (half === 'ended') response.end(part);
  else response.write(part, () => response.socket?.destroy());
}
