import { isForNames, isOwnRow } from './fields.ts';

/** Fields that hold an instant: `at`, `endedAt`, `wallTime`; `time` of a message's text. */
const INSTANT = /^(at|now|since|until|time|wallTime|[a-z]+At)$/;
const MILLISECONDS = /^([a-z][A-Za-z]*)Ms$/;
/** Up to this a number counts seconds, above it milliseconds: so many seconds are the year 5138. */
const SECONDS_MAX = 1e11;

/**
 * Data with its times in one unit: instants as ISO 8601 in UTC, durations in seconds (`waitedMs` becomes `waitedSeconds`).
 * Fields that people named stay as they are.
 */
export function inOneUnit(data: unknown): unknown {
  return converted(data, false);
}

function converted(value: unknown, isByPeople: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => converted(each, isByPeople));
  if (typeof value !== 'object' || value === null) return value;
  const isOurs = !isByPeople || isOwnRow(value);
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => {
    if (isOurs && typeof each === 'number' && Number.isFinite(each)) return withUnit(name, each);
    return [name, converted(each, isByPeople ? !isOurs : isForNames(name))];
  });
  return Object.fromEntries(entries);
}

function withUnit(name: string, value: number): [string, unknown] {
  const [, duration] = MILLISECONDS.exec(name) ?? [];
  if (duration !== undefined) return [`${duration}Seconds`, value / 1000];
  return [name, INSTANT.test(name) ? iso(value) : value];
}

/** `2026-11-24T02:59:32Z`, with milliseconds where there are some; null for what no calendar has. */
function iso(value: number): string | null {
  const date = new Date(value > SECONDS_MAX ? value : value * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
}
