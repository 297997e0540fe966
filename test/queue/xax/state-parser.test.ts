import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../../src/core/job.ts';
import type { Jobs } from '../../../src/core/queue.ts';
import { seededRandom } from '../../../src/queue/simulated/random.ts';
import { createStateParser } from '../../../src/queue/xax/state-parser.ts';
import { parseJob, parseTail } from '../../../src/queue/xax/state-schema.ts';
import { type RawState, rawJob, rawState, stateText } from './helpers.ts';

const STATES = join(import.meta.dirname, '..', '..', 'fixtures', 'xax', 'states');
const bytes = (state: unknown) => Buffer.from(stateText(state));

/** What the plain way makes of a content: everything parsed, nothing compared. */
function parsedWhole(content: Buffer) {
  const state = JSON.parse(content.toString('utf8')) as RawState;
  const jobs = Object.entries(state.jobs).map(([id, job]): [string, Job] => [id, parseJob('host', id, job)]);
  return { jobs: jobs.toSorted(byId), ...parseTail(state) };
}

const entriesOf = (jobs: Jobs) =>
  [...jobs.keys()].map((id): [string, Job] => [id, jobs.get(id)!]).toSorted(byId);

/** All of a job but its processes. */
const told = (job: object | undefined) =>
  JSON.stringify({ ...job, child_pids: null, childPids: null, isThere: !!job });

function byId([a]: [string, Job], [b]: [string, Job]): number {
  return a < b ? -1 : 1;
}

describe('following a recorded day', () => {
  const files = readdirSync(STATES).toSorted();
  const contents = files.map((file) => readFileSync(join(STATES, file)));

  test('every recorded state is understood as if it were the first one', () => {
    const parser = createStateParser('host');
    for (const content of contents) {
      const state = parser.parse(content)!;
      const { order, running, nextIndex } = state;
      expect({ jobs: entriesOf(state.jobs), order, running, nextIndex }).toEqual(parsedWhole(content));
    }
  });

  test('each step names exactly the jobs that differ from the step before', () => {
    const parser = createStateParser('host');
    let before: RawState['jobs'] = {};
    for (const [index, content] of contents.entries()) {
      const { changed, removed } = parser.parse(content)!;
      const { jobs } = JSON.parse(content.toString()) as RawState;
      const differ = Object.keys(jobs).filter((id) => told(jobs[id]) !== told(before[id]));
      expect(changed.map(({ jobId }) => jobId).toSorted(), files[index]).toEqual(differ.toSorted());
      expect(removed).toEqual([]);
      before = jobs;
    }
  });

  test('the day has eleven jobs, the first of them cancelled after it had completed', () => {
    const parser = createStateParser('host');
    const statuses: string[] = [];
    for (const content of contents) {
      for (const { jobId, status } of parser.parse(content)!.changed) {
        if (jobId === 'job-0000001' && statuses.at(-1) !== status) statuses.push(status);
      }
    }
    expect(parsedWhole(contents.at(-1)!).jobs).toHaveLength(11);
    expect(statuses).toEqual(['completed', 'cancelled']);
  });
});

describe('parsing only what changed', () => {
  test('gives what parsing everything gives, for hundreds of random edits', () => {
    const random = seededRandom(20_261_123);
    const pick = (count: number) => Math.floor(random() * count);
    let state = rawState([]);
    let next = 1;
    const ids = () => Object.keys(state.jobs);
    const edits: (() => void)[] = [
      () => {
        const [id, job] = rawJob(next, {
          error: random() < 0.3 ? 'a "quoted"\n    },\n  },\n é 🕒 {' : null,
        });
        next += 1 + pick(3);
        state.jobs[id] = job;
        state.queue.splice(pick(state.queue.length + 1), 0, id);
      },
      () => {
        const id = ids()[pick(ids().length)];
        if (id) state.jobs[id]!.child_pids = Array.from({ length: pick(6) }, () => pick(1e6));
      },
      () => {
        const id = ids()[pick(ids().length)];
        if (id)
          Object.assign(state.jobs[id]!, {
            status: 'running',
            started_at: random() * 1e9,
            pid: pick(1e5),
            error: 'x'.repeat(pick(50)),
          });
      },
      () => {
        const id = ids()[pick(ids().length)];
        if (id) delete state.jobs[id];
      },
      () => {
        state.queue.reverse();
      },
      () => {
        state.running_job_id = ids()[pick(ids().length)] ?? null;
      },
      () => {
        const id = ids()[pick(ids().length)];
        if (id) state.jobs[id]!.enqueued_at = random() * 1e9;
      },
      () => {
        if (random() < 0.1) state = rawState([rawJob(pick(5) + 1)]);
      },
      () => {
        if (random() < 0.05) state = rawState([]);
      },
    ];
    const parser = createStateParser('host');
    let known = new Map<string, Job>();
    for (let round = 0; round < 1_500; round += 1) {
      for (let count = pick(3); count >= 0; count -= 1) edits[pick(edits.length)]!();
      const content = random() < 0.1 ? Buffer.from(JSON.stringify(state)) : bytes(state);
      const result = parser.parse(content);
      const whole = parsedWhole(content);
      if (result) {
        expect({
          jobs: entriesOf(result.jobs),
          order: result.order,
          running: result.running,
          nextIndex: result.nextIndex,
        }).toEqual(whole);
        const now = new Map(whole.jobs);
        const differ = [...now.values()].filter((job) => told(job) !== told(known.get(job.jobId)));
        expect(result.changed.map(({ jobId }) => jobId).toSorted()).toEqual(
          differ.map(({ jobId }) => jobId).toSorted(),
        );
        const gone = [...known.values()].filter((job) => now.get(job.jobId)?.enqueuedAt !== job.enqueuedAt);
        expect(result.removed.map(({ jobId }) => jobId).toSorted()).toEqual(
          gone.map(({ jobId }) => jobId).toSorted(),
        );
      }
      known = new Map(whole.jobs);
    }
  });

  test('the same content again is no change', () => {
    const parser = createStateParser('host');
    const content = bytes(rawState([rawJob(1), rawJob(2)]));
    expect(parser.parse(content)!.changed).toHaveLength(2);
    expect(parser.parse(Buffer.from(content))).toBeUndefined();
  });

  test('other child processes alone are no change of the job, and it has them', () => {
    const parser = createStateParser('host');
    parser.parse(bytes(rawState([rawJob(1), rawJob(2), rawJob(3)])));
    const { changed, tailChanged, jobs } = parser.parse(
      bytes(rawState([rawJob(1), rawJob(2, { child_pids: [7, 8] }), rawJob(3)])),
    )!;
    expect([changed, tailChanged]).toEqual([[], false]);
    expect(jobs.get('job-0000002')!.childPids).toEqual([7, 8]);
  });

  test('a job id that begins anew is another job: the old one is gone, the new one is there', () => {
    const parser = createStateParser('host');
    parser.parse(bytes(rawState([rawJob(1), rawJob(2)])));
    const { changed, removed } = parser.parse(
      bytes(rawState([rawJob(1, { enqueued_at: 1_800_000_000.5 })])),
    )!;
    expect(changed).toMatchObject([{ jobId: 'job-0000001', enqueuedAt: 1_800_000_000.5 }]);
    expect(removed.map(({ jobId, enqueuedAt }) => [jobId, enqueuedAt])).toEqual([
      ['job-0000001', 1_795_446_001.125],
      ['job-0000002', 1_795_446_002.125],
    ]);
  });

  test('fields that a newer xax added are passed over', () => {
    const parser = createStateParser('host');
    const [id, job] = rawJob(1, { priority: { level: 3 }, tags: ['a'] });
    const state = { ...rawState([[id, job]]), a_new_list: [1], zones: { x: 1 } };
    expect([...parser.parse(bytes(state))!.jobs.keys()]).toEqual([id]);
  });
});

describe('contents that are no queue state', () => {
  const good = rawState([rawJob(1), rawJob(2, { status: 'running' })], { running_job_id: 'job-0000002' });

  test.each<[string, string]>([
    ['torn in the middle', stateText(good).slice(0, 700)],
    ['torn before its last bytes', stateText(good).slice(0, -3)],
    ['empty', ''],
    ['another program’s', '{"hello": [1, 2]}'],
    ['a list', '[]'],
    ['of a newer version', stateText({ ...good, version: 2 })],
    ['with an unknown status', stateText(rawState([rawJob(1, { status: 'paused' })]))],
    ['with a job under another id', stateText(rawState([['job-0000009', rawJob(1)[1]]]))],
    ['with an enqueue time that is no number', stateText(rawState([rawJob(1, { enqueued_at: 'now' })]))],
    ['with a corrupted separator', stateText(good).replace('},\n    "job-0000002"', '}x\n    "job-0000002"')],
  ])('one that is %s is refused, and the next good one is compared with the last good one', (_what, text) => {
    const parser = createStateParser('host');
    parser.parse(bytes(good));
    expect(() => parser.parse(Buffer.from(text))).toThrow();
    const { changed, jobs } = parser.parse(
      bytes(rawState([rawJob(1), rawJob(2, { status: 'running', pid: 5 })])),
    )!;
    expect(changed).toMatchObject([{ jobId: 'job-0000002', pid: 5 }]);
    expect(jobs.size).toBe(2);
  });
});
