import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/core/job.ts';
import { seededRandom } from '../../../src/queue/simulated/random.ts';
import { createStateReader } from '../../../src/queue/xax/state-reader.ts';
import { parseJob, parseTail } from '../../../src/queue/xax/state-schema.ts';
import { temporaryFolder } from '../../helpers.ts';
import { type RawState, rawJob, rawState, stateText } from './helpers.ts';

/** How often the state is rewritten: `STATE_REWRITES=20000` for as many as docs/reliability.md says. */
const REWRITES = Number(process.env.STATE_REWRITES ?? 2_000);
/** Nothing is compared as a whole unless it has to be, and the rest in pieces of less than a job. */
const LIMITS = { wholeMax: 0, pieceMin: 300, pieces: 20, pieceMs: 0 };

type Known = Map<string, Job>;

function parsedWhole(text: string): { jobs: Known; order: string[]; running: string[] } {
  const state = JSON.parse(text) as RawState;
  const jobs = new Map(Object.entries(state.jobs).map(([id, job]) => [id, parseJob('host', id, job)]));
  return { jobs, ...parseTail(state) };
}

/** All of a job that is told. */
const told = (job: Job | undefined) => JSON.stringify({ ...job, childPids: [] });

/** Rewrites of every kind: what xax does, what it does in place, and what people and other programs do to the file. */
function rewriting(seed: number) {
  const random = seededRandom(seed);
  const pick = (count: number) => Math.floor(random() * count);
  let state = rawState([]);
  let next = 1;
  const ids = () => Object.keys(state.jobs);
  const any = () => ids()[pick(ids().length)];
  const of = (id: string | undefined, fields: object) => id && Object.assign(state.jobs[id]!, fields);

  const enqueue = () => {
    const error = random() < 0.1 ? 'a "quoted"\n    },\n  },\n é 🕒 {' : null;
    const [id, job] = rawJob(next, { error });
    next += 1;
    state.jobs[id] = job;
    state.queue.splice(random() < 0.2 ? pick(state.queue.length + 1) : state.queue.length, 0, id);
    (state as { next_job_idx?: number }).next_job_idx = next;
  };
  const start = () => {
    const id = state.queue.shift();
    of(id, { status: 'running', started_at: 1.8e9 + pick(1e6), pid: pick(1e5) });
    if (id) state.running_job_id = id;
  };
  const end = () => {
    of(state.running_job_id ?? undefined, {
      status: random() < 0.3 ? 'failed' : 'completed',
      ended_at: 1.8e9 + random() * 1e6,
      return_code: pick(3),
      error: random() < 0.3 ? 'x'.repeat(pick(900)) : null,
    });
    state.running_job_id = null;
  };
  const usual = [
    enqueue,
    enqueue,
    start,
    end,
    () => of(state.running_job_id ?? undefined, { child_pids: [pick(1e6), pick(99)] }),
  ];
  const rare = [
    () => of(any(), { status: 'cancelled', error: random() < 0.5 ? 'by hand' : null }),
    () => of(any(), { child_pids: Array.from({ length: pick(6) }, () => pick(1e6)) }),
    () => of(any(), { error: 'y'.repeat(pick(3_000)) }),
    () => of(any(), { enqueued_at: 1.7e9 + pick(1e6) }),
    () => state.queue.reverse(),
    () => {
      const id = any();
      if (!id) return;
      delete state.jobs[id];
      state.queue = state.queue.filter((each) => each !== id);
      if (state.running_job_id === id) state.running_job_id = null;
    },
    () => {
      if (random() < 0.2)
        Object.assign(
          state,
          rawState(
            ids()
              .slice(0, pick(4))
              .map((id) => [id, state.jobs[id]!]),
          ),
        );
    },
  ];
  return () => {
    for (let count = pick(3); count >= 0; count -= 1) {
      const kinds = random() < 0.85 ? usual : rare;
      kinds[pick(kinds.length)]!();
    }
    if (ids().length > 60) state = rawState([]);
    const text = stateText(state);
    const layout = random();
    if (layout < 0.03) return { text: JSON.stringify(state), isTorn: false };
    if (layout < 0.05) return { text: JSON.stringify(state, null, 4), isTorn: false };
    if (layout < 0.07) return { text: `${text}\n`, isTorn: false };
    if (layout < 0.09) return { text: text.slice(0, pick(text.length)), isTorn: true };
    return { text, isTorn: false };
  };
}

describe('a state that is read by what nearly always changes', () => {
  it('is, once the rest was compared, what parsing all of it gives, and at once for what waits, runs and came', () => {
    const path = join(temporaryFolder(), 'queue_state.json');
    const reader = createStateReader('host', path, LIMITS);
    const write = rewriting(20_261_130);
    const known: Known = new Map();
    let good = 0;
    let jobs: { get(id: string): Job | undefined; keys(): Iterable<string> } = new Map();
    let order: readonly string[] = [];
    let running: readonly string[] = [];

    /** Reads once; what was told of jobs is what the account knows of them. */
    function read(): void {
      const reading = reader.read({ force: false });
      if (reading.kind !== 'state') return;
      ({ jobs, order, running } = reading.state);
      for (const job of reading.state.removed) known.delete(job.jobId);
      for (const job of reading.state.changed) known.set(job.jobId, job);
    }

    for (let round = 0; round < REWRITES; round += 1) {
      const { text, isTorn } = write();
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
      if (isTorn) {
        expect(read).toThrow();
        continue;
      }
      read();
      const whole = parsedWhole(text);
      expect({ order, running }).toEqual({ order: whole.order, running: whole.running });
      for (const id of running) expect(jobs.get(id)).toEqual(whole.jobs.get(id));
      // Not all of it before the next rewriting, as on a busy queue.
      if (round % 3 === 0) continue;
      for (let looks = 0; reader.again() !== null; looks += 1) {
        expect(looks).toBeLessThan(200);
        read();
      }
      expect([...jobs.keys()].toSorted()).toEqual([...whole.jobs.keys()].toSorted());
      for (const [id, job] of whole.jobs) {
        expect(jobs.get(id)).toEqual(job);
        expect(told(known.get(id))).toBe(told(job));
      }
      expect([...known.keys()].toSorted()).toEqual([...whole.jobs.keys()].toSorted());
      good += 1;
    }
    expect(good).toBeGreaterThan(REWRITES / 2);
  }, 600_000);

  it('is looked at no sooner than at other times while it cannot be understood', () => {
    const path = join(temporaryFolder(), 'queue_state.json');
    const reader = createStateReader('host', path, LIMITS);
    const all = [1, 2, 3].map((number) => rawJob(number, { status: 'completed' }));
    const put = (text: string) => {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    };
    put(stateText(rawState(all)));
    reader.read({ force: false });
    const [id, first] = all[0]!;
    const other = stateText(rawState([[id, { ...first, status: 'cancelled' }], ...all.slice(1)]));
    put(other);
    while (reader.again() !== 0) reader.read({ force: false });
    put(other.slice(0, -9));
    expect(() => reader.read({ force: false })).toThrow('is not complete JSON');
    expect(reader.again()).toBeNull();
    put(other);
    const told: Job[] = [];
    do {
      const reading = reader.read({ force: false });
      if (reading.kind === 'state') told.push(...reading.state.changed);
    } while (reader.again() !== null);
    expect(told).toMatchObject([{ jobId: id, status: 'cancelled' }]);
  });
});
