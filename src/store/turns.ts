import type { Clock } from '../core/time.ts';
import type { Db } from './db.ts';
import { FORMS } from './delivery.ts';

/** A delivery that has not been made, as far as its turn is concerned. Times are epoch milliseconds. */
export interface Waiting {
  id: number;
  /** It stands on the platform already, and is to be edited. */
  isEdit: boolean;
  /** Of a card: what it is of. */
  card: string | null;
  /** The card in whose thread it belongs; null: it stands in the channel itself, where each message is for itself. */
  place: string | null;
  /** The card above is there, or will never be. */
  isOpen: boolean;
  lane: number;
  nextAt: number;
  notBefore: number;
  form: number;
}

/** What the platform's limits leave. */
export interface Free {
  posts: boolean;
  edits: boolean;
}

/** What goes out one after another, beside all else: the posts of a lane, or its edits, which platforms count apart. */
export type Track = `${number} ${keyof Free}`;

export interface Turns {
  /** What may go out now, most urgent first: one for each track, and one for each thread. */
  now: { id: number; track: Track }[];
  /** When there may be another turn (epoch ms); undefined when there will be none by itself. */
  at?: number;
}

/** What is ready to go out. `lane`: of whatever waits for it; `own`: without that. */
interface Candidate {
  id: number;
  lane: number;
  own: number;
  kind: keyof Free;
  place: string | null;
}

/**
 * Whose turn it is: in each track the oldest. What is said in one thread keeps its order, so that whatever stands before
 * something urgent there is as urgent; a card that stands in a thread is no part of that order. `underWay`: what is being sent, by id, and on which track.
 */
export function turnsOf(
  waiting: readonly Waiting[],
  now: number,
  free: Free,
  underWay: ReadonlyMap<number, Track> = new Map(),
): Turns {
  const ready: Candidate[] = [];
  /** What goes first in a place, and the card above it: whatever waits for them lends them its lane. */
  const heads = new Map<string, { lane: number }>();
  const cards = new Map<string, { lane: number }>();
  /** Of cards in a place. */
  const within = new Map<string, number>();
  const tracks = new Set(underWay.values());
  const busy = new Set<string>();
  let at = Number.POSITIVE_INFINITY;
  for (const each of waiting) {
    const { id, lane, place, card, isEdit } = each;
    const due = Math.max(each.nextAt, each.notBefore);
    const candidate: Candidate = { id, lane, own: lane, kind: isEdit ? 'edits' : 'posts', place };
    const isUnderWay = underWay.has(id);
    if (isUnderWay && place !== null) busy.add(place);
    if (!isUnderWay && due > now) at = Math.min(at, due);
    const isReady = !isUnderWay && due <= now && free[candidate.kind];
    if (isEdit || place === null || card !== null) {
      if (!isEdit && card !== null) cards.set(card, candidate);
      if (!isEdit && place !== null) within.set(place, Math.min(within.get(place) ?? lane, lane));
      if (isReady && (isEdit || each.isOpen)) ready.push(candidate);
      continue;
    }
    const isItsTime = each.notBefore <= now;
    const head = heads.get(place);
    if (head) {
      if (isItsTime) head.lane = Math.min(head.lane, lane);
      continue;
    }
    if (isItsTime && each.form < FORMS.length) heads.set(place, candidate);
    if (isReady && each.isOpen) ready.push(candidate);
  }
  for (const [place, card] of cards)
    card.lane = Math.min(card.lane, heads.get(place)?.lane ?? card.lane, within.get(place) ?? card.lane);
  const turns: Turns = { now: [], ...(Number.isFinite(at) ? { at } : {}) };
  for (const { id, lane, own, kind, place } of ready.sort((a, b) => a.lane - b.lane || a.id - b.id)) {
    // What was lent a lane leaves that to others where it can go out on its own.
    const track = ([`${own} ${kind}`, `${lane} ${kind}`] as const).find((each) => !tracks.has(each));
    if (track === undefined || (place !== null && busy.has(place))) continue;
    tracks.add(track);
    if (place !== null) busy.add(place);
    turns.now.push({ id, track });
  }
  return turns;
}

/** Whose turn it is in a channel, by what the database has. */
export function createTurns(db: Db, clock: Clock) {
  const place = `CASE d.kind WHEN 'card' THEN d.within ELSE d.subject END`;
  const waiting = db.prepare<[string, string], Record<string, string | number | null>>(
    `SELECT d.id, d.ref IS NOT NULL AS is_edit, d.lane, d.next_at, d.not_before, d.form,
       CASE d.kind WHEN 'card' THEN d.subject END AS card, ${place} AS place,
       c.id IS NULL OR c.ref IS NOT NULL OR c.state NOT IN ('due', 'sending') OR c.form >= ${FORMS.length} AS is_open
     FROM deliveries d LEFT JOIN deliveries c ON c.kind = 'card' AND c.subject = ${place} AND c.adapter = d.adapter AND c.channel = d.channel
     WHERE d.adapter = ? AND d.channel = ? AND d.state IN ('due', 'sending') ORDER BY d.id`,
  );
  return (adapter: string, channel: string, free: Free, underWay?: ReadonlyMap<number, Track>): Turns => {
    const rows = waiting.all(adapter, channel).map(
      (row): Waiting => ({
        id: Number(row.id),
        isEdit: row.is_edit === 1,
        card: row.card as string | null,
        place: row.place as string | null,
        isOpen: row.is_open === 1,
        lane: Number(row.lane),
        nextAt: Number(row.next_at),
        notBefore: Number(row.not_before),
        form: Number(row.form),
      }),
    );
    return turnsOf(rows, clock(), free, underWay);
  };
}
