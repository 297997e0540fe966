import { uptime as hostUptime } from 'node:os';
import type { KeptValues } from '../core/adapter-ports.ts';
import type { Message } from '../core/message.ts';
import { type Clock, durationText } from '../core/time.ts';

export const ABSENCE_TIMINGS = {
  /** How often it is written down that the bot is there. */
  everyMs: 60_000,
  /** A restart, or a platform that blinks, is not worth a word; longer silence is. */
  leastMs: 5 * 60_000,
};
/** The kept value of when the bot was last there, epoch milliseconds. */
const LAST_THERE = 'last there';

/**
 * Tells the channels when nobody watched the queue, or when they could not be reached, and for how long: what people did not
 * hear of then was not quiet. Each absence is told once.
 */
export function createAbsence(deps: {
  kept: KeptValues;
  /** Until when a database was written that was replaced by an earlier one, epoch ms; undefined where none was. */
  replacedUntil?: number | undefined;
  /** Posts in every channel, or in those of one adapter; once per key. */
  announce(key: string, message: Message, adapter?: string): void;
  clock: Clock;
  /** Seconds since the machine was booted, in which it slept too: no clock that is set. */
  uptime?: () => number;
  timings?: typeof ABSENCE_TIMINGS;
}) {
  const { kept, clock, uptime = hostUptime, timings = ABSENCE_TIMINGS } = deps;
  let writtenAt = 0;
  let seenAt = uptime();

  /** A machine that slept, or a process that was stopped, knows it only afterwards. */
  function toldOfStandstill(): void {
    const before = seenAt;
    seenAt = uptime();
    const stoodMs = (seenAt - before) * 1000;
    if (stoodMs < timings.leastMs) return;
    const from = clock() - stoodMs;
    deps.announce(`still:${Math.round(from)}`, standstillMessage(from, clock()));
  }

  function there(): void {
    toldOfStandstill();
    // A clock that is set back says so too, or the next absence would seem to begin in the future.
    if (Math.abs(clock() - writtenAt) < timings.everyMs) return;
    writtenAt = clock();
    kept.set(LAST_THERE, writtenAt);
  }

  return {
    /** Call at the start, before anything is read. */
    begin(): void {
      const own = kept.get(LAST_THERE);
      const last = Math.max(...[own, deps.replacedUntil].filter((time) => typeof time === 'number'));
      if (Number.isFinite(last) && clock() - last >= timings.leastMs)
        deps.announce(`absent:${last}`, awayMessage(last, clock()));
      there();
    },
    /** Call often: writes down now and then that the bot is there, and tells when it was not between two calls. */
    there,
    /** A platform is reached again that was not since then (epoch ms). */
    reached(adapter: string, since: number): void {
      if (clock() - since >= timings.leastMs)
        deps.announce(`unreached:${since}`, unreachedMessage(since, clock()), adapter);
    },
    /** Call at the stop. */
    end: () => kept.set(LAST_THERE, clock()),
  };
}

export type Absence = ReturnType<typeof createAbsence>;

function awayMessage(from: number, to: number): Message {
  return between(from, to, 'xaxbot was not running', 'What happened in the queue meanwhile is told now.');
}

function standstillMessage(from: number, to: number): Message {
  return between(
    from,
    to,
    'xaxbot, or the machine it is on, stood still',
    'What happened in the queue meanwhile is told now.',
  );
}

function unreachedMessage(from: number, to: number): Message {
  return between(from, to, 'xaxbot could not post here', 'What it had to say meanwhile follows.');
}

function between(from: number, to: number, what: string, then: string): Message {
  return {
    tone: 'warning',
    blocks: [
      {
        kind: 'text',
        text: [
          { bold: what },
          ` for ${durationText(to - from)}, from `,
          { time: from, style: 'datetime' },
          ' to ',
          { time: to, style: 'datetime' },
          `. ${then}`,
        ],
      },
    ],
  };
}
