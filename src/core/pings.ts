import type { Inline, Message, PersonId } from './message.ts';
import { withWords } from './message-words.ts';
import type { Ping } from './ping.ts';

/** Hours of a day in which somebody is not pinged: minutes since midnight in an IANA zone. */
export interface QuietHours {
  from: number;
  to: number;
  zone: string;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const HOURS = /^(\d{1,2})(?::(\d\d))?\s*(?:-|–|to)\s*(\d{1,2})(?::(\d\d))?$/;

/** `22:00-08:00` or `22-8`; undefined for anything else, and for hours that begin when they end. */
export function quietHoursIn(text: string, zone: string): QuietHours | undefined {
  const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = HOURS.exec(text.trim()) ?? [];
  if (fromHour === undefined || toHour === undefined) return undefined;
  const minutes = (hour: string, minute: string) => Number(hour) * 60 + Number(minute);
  const [from, to] = [minutes(fromHour, fromMinute), minutes(toHour, toMinute)];
  const areTimes = [from, to].every((each) => each <= DAY_MINUTES) && Math.max(+fromMinute, +toMinute) < 60;
  const [begin, end] = [from % DAY_MINUTES, to % DAY_MINUTES];
  return areTimes && begin !== end ? { from: begin, to: end, zone } : undefined;
}

/** `22:00 to 08:00`. */
export function quietHoursText({ from, to }: QuietHours): string {
  const time = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `${time(from)} to ${time(to)}`;
}

/** When the quiet hours that `now` is in are over; `now` itself outside them. Epoch milliseconds. */
export function quietUntil(quiet: QuietHours, now: number): number {
  const at = minuteOfDay(now, quiet.zone);
  const isQuiet =
    quiet.from < quiet.to ? at >= quiet.from && at < quiet.to : at >= quiet.from || at < quiet.to;
  if (!isQuiet) return now;
  const left = (quiet.to - at + DAY_MINUTES) % DAY_MINUTES;
  const end = Math.floor(now / MINUTE_MS) * MINUTE_MS + left * MINUTE_MS;
  // A clock that is put forward or back in the night.
  const off = minuteOfDay(end, quiet.zone) - quiet.to;
  const shift = off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off < -DAY_MINUTES / 2 ? off + DAY_MINUTES : off;
  return Math.max(now + 1, end - shift * MINUTE_MS);
}

function minuteOfDay(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return part('hour') * 60 + part('minute');
}

/** A message that pings whom `allows` lets; whom it does not is only named. */
export function withPings(message: Message, allows: (person: PersonId, ping: Ping) => boolean): Message {
  const piece = (given: Inline): Inline => {
    if (typeof given === 'string' || !('mention' in given) || given.ping === undefined) return given;
    return allows(given.mention, given.ping) ? { mention: given.mention, name: given.name } : given.name;
  };
  return withWords(message, { word: (text) => text, piece });
}
