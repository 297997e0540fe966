import type { Marks } from './cursor.ts';

/** Rows that are added, and changed once more when what they are about is over. */
export interface Rows<Row extends { id: number }, Event> {
  get(id: number): Row | undefined;
  /** Those after this one, oldest first. */
  after(id: number, limit: number): Row[];
  isOpen(row: Row): boolean;
  /** What there is to tell of a row as it is; `isKnown`: of its beginning somebody has read. */
  news(row: Row, isKnown: boolean): Event | undefined;
}

/** What is new after some marks, at most so many, and the marks after it. */
export function advance<Row extends { id: number }, Event>(
  { last, open }: Marks,
  rows: Rows<Row, Event>,
  limit: number,
): { events: Event[]; marks: Marks } {
  const events: Event[] = [];
  const stillOpen: number[] = [];
  for (const id of open) {
    const row = rows.get(id);
    if (!row) continue;
    if (rows.isOpen(row) || events.length >= limit) stillOpen.push(id);
    else events.push(...told(rows.news(row, true)));
  }
  let read = last;
  for (const row of events.length < limit ? rows.after(last, limit - events.length) : []) {
    read = row.id;
    if (rows.isOpen(row)) stillOpen.push(row.id);
    events.push(...told(rows.news(row, false)));
  }
  return { events, marks: { last: read, open: stillOpen } };
}

function told<T>(event: T | undefined): T[] {
  return event === undefined ? [] : [event];
}
