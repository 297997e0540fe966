import { uptime as hostUptime } from 'node:os';
import type { KeptValues } from '../core/adapter-ports.ts';
import type { Message } from '../core/message.ts';
import type { Destination } from '../core/request.ts';
import { type Clock, durationText } from '../core/time.ts';

export const ABSENCE_TIMINGS = {
  /** How often it is written down that the bot is there. */
  everyMs: 60_000,
  /** A restart, or a platform that blinks, is not worth a word; longer silence is. */
  leastMs: 5 * 60_000,
};
/** The kept value of when the bot was last there, epoch milliseconds. */
const LAST_THERE = 'last there';
/** The kept value of what cannot be reached, by `nameOf`: since when, epoch milliseconds. */
const LOST = 'lost';

const NEVER = Number.POSITIVE_INFINITY;

/** A platform, or one of its channels alone. */
export interface Reached {
  adapter: string;
  channel?: string;
}

/**
 * Tells the channels when nobody watched the queue, or when they could not be reached, and for how long: what people did not
 * hear of then was not quiet. Each absence is told once.
 */
export function createAbsence(deps: {
  kept: KeptValues;
  /** Until when a database was written that was replaced by an earlier one, epoch ms; undefined where none was. */
  replacedUntil?: number | undefined;
  /** Where things are said. */
  channels(): readonly Destination[];
  /** Posts in every channel, or in one; once per key. */
  announce(key: string, message: Message, only?: Destination): void;
  clock: Clock;
  /** Seconds since the machine was booted, in which it slept too: no clock that is set. */
  uptime?: () => number;
  timings?: typeof ABSENCE_TIMINGS;
}) {
  const { kept, clock, uptime = hostUptime, timings = ABSENCE_TIMINGS } = deps;
  let writtenAt = 0;
  let isOver = false;
  let seenAt = uptime();
  /** Up to when it was told that a channel could not be reached. */
  const toldUntil = new Map<string, number>();

  const lastThere = () => {
    const times = [kept.get(LAST_THERE), deps.replacedUntil].filter((time) => typeof time === 'number');
    return times.length === 0 ? undefined : Math.max(...times);
  };
  const lost = lostBefore();
  const placesIn = (name: string) => deps.channels().filter(({ adapter }) => adapter === name);

  /** What the last process could not reach; what is told as the absence of the process is left to that. */
  function lostBefore(): Map<string, number> {
    const before = new Map(Object.entries((kept.get(LOST) ?? {}) as Record<string, number>));
    const last = lastThere();
    if (last === undefined || clock() - last < timings.leastMs) return before;
    return new Map([...before].filter(([, since]) => last - since >= timings.leastMs));
  }

  function tell(place: Destination, from: number): void {
    if (clock() - from < timings.leastMs) return;
    deps.announce(`unreached:${from}`, unreachedMessage(from, clock()), place);
    toldUntil.set(nameOf(place), clock());
  }

  function keepLost(): void {
    kept.set(LOST, Object.fromEntries(lost));
  }

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
      const last = lastThere();
      if (last !== undefined && clock() - last >= timings.leastMs)
        deps.announce(`absent:${last}`, awayMessage(last, clock()));
      there();
    },
    /** Call often: writes down now and then that the bot is there, and tells when it was not between two calls. */
    there,
    /** It cannot be reached since then (epoch ms), if it could until now. */
    lost(at: Reached, since = clock()): void {
      const isKnown =
        at.channel === undefined || placesIn(at.adapter).some(({ channel }) => channel === at.channel);
      if (isOver || !isKnown || lost.has(nameOf(at))) return;
      lost.set(nameOf(at), since);
      keepLost();
    },
    /**
     * It is reached again, or still: where it was not for long, its channels are told so. A platform is reached when one of its
     * channels is. `since`: what was to be said there failed from then on (epoch ms).
     */
    reached({ adapter, channel }: Reached, since = NEVER): void {
      const before = lost.size;
      if (before === 0 && since === NEVER) return;
      const ofAll = lost.get(nameOf({ adapter })) ?? NEVER;
      for (const place of placesIn(adapter)) {
        const name = nameOf(place);
        const own = lost.get(name);
        const from = Math.min(ofAll, own ?? NEVER);
        const isMeant = place.channel === channel;
        if (own !== undefined && !isMeant) {
          lost.set(name, from);
          continue;
        }
        tell(place, isMeant ? Math.min(from, Math.max(since, toldUntil.get(name) ?? 0)) : from);
        lost.delete(name);
      }
      lost.delete(nameOf({ adapter }));
      if (lost.size < before) keepLost();
    },
    /** Call at the stop. */
    end(): void {
      isOver = true;
      kept.set(LAST_THERE, clock());
    },
  };
}

function nameOf({ adapter, channel }: Reached): string {
  return JSON.stringify(channel === undefined ? [adapter] : [adapter, channel]);
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
