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

/**
 * Whose turn it is: the lane that people wait for first, then the oldest. What is said in one thread keeps its order, so
 * that whatever stands before something urgent there is as urgent. `at`: when there may be another turn (epoch ms).
 */
export function turnOf(waiting: readonly Waiting[], now: number, free: Free): { id?: number; at?: number } {
  const ready: { id: number; lane: number }[] = [];
  /** What goes first in a place, and the card above it: whatever waits for them lends them its lane. */
  const heads = new Map<string, { lane: number }>();
  const cards = new Map<string, { lane: number }>();
  const later: number[] = [];
  for (const each of waiting) {
    const { id, lane, place, card, isEdit } = each;
    const due = Math.max(each.nextAt, each.notBefore);
    if (due > now) later.push(due);
    const candidate = { id, lane };
    if (isEdit || place === null) {
      if (!isEdit && card !== null) cards.set(card, candidate);
      if (due <= now && (isEdit ? free.edits : free.posts)) ready.push(candidate);
      continue;
    }
    const isItsTime = each.notBefore <= now;
    const head = heads.get(place);
    if (head) {
      if (isItsTime) head.lane = Math.min(head.lane, lane);
      continue;
    }
    if (isItsTime && each.form < FORMS.length) heads.set(place, candidate);
    if (due <= now && each.isOpen && free.posts) ready.push(candidate);
  }
  for (const [place, { lane }] of heads) {
    const card = cards.get(place);
    if (card) card.lane = Math.min(card.lane, lane);
  }
  const [first] = ready.sort((a, b) => a.lane - b.lane || a.id - b.id);
  return {
    ...(first ? { id: first.id } : {}),
    ...(later.length > 0 ? { at: later.reduce((a, b) => Math.min(a, b)) } : {}),
  };
}

/** Whose turn it is in a channel, by what the database has. A card is found by its key: a subject has any number of posts. */
export function createTurns(db: Db, clock: Clock) {
  const waiting = db.prepare<[string, string], Record<string, string | number | null>>(
    `SELECT d.id, d.ref IS NOT NULL AS is_edit, d.lane, d.next_at, d.not_before, d.form,
       CASE d.kind WHEN 'card' THEN d.subject END AS card,
       CASE d.kind WHEN 'card' THEN d.within ELSE d.subject END AS place,
       c.id IS NULL OR c.ref IS NOT NULL OR c.state NOT IN ('due', 'sending') OR c.form >= ${FORMS.length} AS is_open
     FROM deliveries d LEFT JOIN deliveries c
       ON c.key = 'card:' || CASE d.kind WHEN 'card' THEN d.within ELSE d.subject END || ':' || d.adapter || ':' || d.channel
     WHERE d.adapter = ? AND d.channel = ? AND d.state IN ('due', 'sending') ORDER BY d.id`,
  );
  return (adapter: string, channel: string, free: Free) => {
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
    return turnOf(rows, clock(), free);
  };
}
