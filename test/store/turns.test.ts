import { describe, expect, it } from 'vitest';
import { LANES } from '../../src/store/delivery.ts';
import { turnsOf, type Waiting } from '../../src/store/turns.ts';

/** The most urgent turn, and when there may be another. */
function turnOf(...asked: Parameters<typeof turnsOf>): { id?: number; at?: number } {
  const { now, ...later } = turnsOf(...asked);
  return { ...(now[0] ? { id: now[0].id } : {}), ...later };
}

const NOW = 1_000_000;
const FREE = { posts: true, edits: true };

function waiting(id: number, each: Partial<Waiting>): Waiting {
  const usual = { isEdit: false, card: null, place: null, isOpen: true, nextAt: 0, notBefore: 0, form: 0 };
  return { ...usual, lane: LANES.news, ...each, id };
}
const card = (id: number, subject: string, each: Partial<Waiting> = {}) =>
  waiting(id, { card: subject, place: null, ...each });
const edit = (id: number, subject: string, each: Partial<Waiting> = {}) =>
  card(id, subject, { isEdit: true, lane: LANES.looks, ...each });
const post = (id: number, place: string, each: Partial<Waiting> = {}) => waiting(id, { place, ...each });

/** In which order all of it goes out, when nothing fails. */
function order(all: readonly Waiting[]): number[] {
  const left = [...all];
  const gone: number[] = [];
  for (;;) {
    const { id } = turnOf(left, NOW, FREE);
    if (id === undefined) return gone;
    gone.push(id);
    const [sent] = left.splice(
      left.findIndex((each) => each.id === id),
      1,
    );
    if (sent!.card !== null) for (const each of left) if (each.place === sent!.card) each.isOpen = true;
  }
}

describe('whose turn it is', () => {
  it('is first what people wait for, then other news, then what only looks newer', () => {
    const all = [edit(1, 'a'), card(2, 'b'), post(3, 'c'), post(4, 'd', { lane: LANES.awaited })];
    expect(order(all)).toEqual([4, 2, 3, 1]);
  });

  it('is never an end before the start that stands before it, nor either before their card', () => {
    const urgent = { lane: LANES.awaited };
    const all = [
      post(1, 'other'),
      card(2, 'job'),
      post(3, 'job', { isOpen: false }),
      post(4, 'job', { isOpen: false, ...urgent }),
    ];
    expect(order(all)).toEqual([2, 3, 4, 1]);
  });

  it('goes past what failed to other places, and waits for it in its own', () => {
    const failed = post(1, 'job', { nextAt: NOW + 5_000 });
    expect(turnOf([failed, post(2, 'job'), post(3, 'other')], NOW, FREE)).toEqual({
      id: 3,
      at: NOW + 5_000,
    });
    expect(turnOf([failed, post(2, 'job')], NOW, FREE)).toEqual({ at: NOW + 5_000 });
    const inChannel = { ...failed, place: null };
    expect(turnOf([inChannel, { ...post(2, 'any'), place: null }], NOW, FREE).id).toBe(2);
    // What was refused in every form, and what was to wait for its news, hold up nobody.
    expect(turnOf([{ ...failed, form: 3 }, post(2, 'job')], NOW, FREE).id).toBe(2);
    expect(turnOf([post(1, 'job', { notBefore: NOW + 9 }), post(2, 'job')], NOW, FREE).id).toBe(2);
  });

  it('leaves posts to a limit of edits, and edits to a limit of posts', () => {
    const all = [edit(1, 'a', { lane: LANES.awaited }), post(2, 'b')];
    expect(turnOf(all, NOW, { posts: true, edits: false }).id).toBe(2);
    expect(turnOf(all, NOW, { posts: false, edits: true }).id).toBe(1);
    expect(turnOf(all, NOW, { posts: false, edits: false }).id).toBeUndefined();
  });
});
