import { setTimeout as sleep } from 'node:timers/promises';
import type { HalfAnswer } from '../faults.ts';
import { type Refusal, tooMany } from './errors.ts';

/** `POST /channels/:id/messages` (`:x` is one step, `*` anything), a pattern over the same text, or a test of it. */
export type RouteMatcher = string | RegExp | ((route: string) => boolean);

export interface Fault {
  /** Waits before the request is looked at. */
  delayMs?: number;
  /** Answers this instead of doing it. */
  status?: number;
  /** Of the platform's own error codes, with `status`; 0 by default. */
  code?: number;
  /** Answers this with `status`, as something between the bot and the platform would. */
  page?: { type: string; body: string };
  /** With 429. */
  retryAfterSeconds?: number;
  global?: boolean;
  /** Meets only requests that bring files. */
  withFiles?: boolean;
  half?: HalfAnswer;
  /** Cuts the line without doing it, or after it was done. */
  drop?: 'before' | 'after';
  /** Nothing is ever answered, without it being done, or after it was. */
  silent?: 'before' | 'after';
}

export interface FaultHandle {
  /** How many requests met it so far. */
  used(): number;
  remove(): void;
}

export interface Faults {
  add(route: RouteMatcher, fault: Fault, times?: number): FaultHandle;
  /** The first fault that a request meets, used up by one. */
  take(route: string, hasFiles?: boolean): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let kept: { matches(route: string): boolean; fault: Fault; left: number; used: number }[] = [];
  return {
    add(route, fault, times = 1) {
      const entry = { matches: matcher(route), fault, left: times, used: 0 };
      kept.push(entry);
      return {
        used: () => entry.used,
        remove() {
          kept = kept.filter((one) => one !== entry);
        },
      };
    },
    take(route, hasFiles = false) {
      const meets = (fault: Fault) => !fault.withFiles || hasFiles;
      const entry = kept.find(({ matches, left, fault }) => left > 0 && matches(route) && meets(fault));
      if (!entry) return undefined;
      entry.left -= 1;
      entry.used += 1;
      return entry.fault;
    },
    clear() {
      kept = [];
    },
  };
}

export function matcher(route: RouteMatcher): (text: string) => boolean {
  if (typeof route === 'function') return route;
  if (route instanceof RegExp) return (text) => route.test(text);
  const source = route
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/ ]+')
    .replaceAll('*', '.*');
  const pattern = new RegExp(`^${source}$`);
  return (text) => pattern.test(text);
}

/** Waits a fault's delay and throws its answer, if it has one. */
export async function meet(fault: Fault): Promise<void> {
  if (fault.delayMs) await sleep(fault.delayMs);
  if (fault.status === 429)
    throw tooMany(fault.retryAfterSeconds ?? 1, {
      ...(fault.code === undefined ? {} : { code: fault.code }),
      global: fault.global,
      scope: fault.global ? 'global' : 'shared',
    });
  if (fault.status !== undefined) {
    const body = { message: `${fault.status}: from a fault of the test`, code: fault.code ?? 0 };
    throw {
      refusal: true,
      status: fault.status,
      body,
      ...(fault.page ? { page: fault.page } : {}),
    } satisfies Refusal;
  }
}
