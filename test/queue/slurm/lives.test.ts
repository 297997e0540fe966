import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/core/job.ts';
import { gpusHeld } from '../../../src/core/job-tasks.ts';
import { createLives } from '../../../src/queue/slurm/lives.ts';
import type { Row } from '../../../src/queue/slurm/rows.ts';
import { cpuMs } from '../../helpers.ts';

const T = 1_795_983_000;

/** A row as a poll has it; `line` tells one reading from another. */
function row(more: Partial<Row> & Pick<Row, 'jobId' | 'state'>): Row {
  const whole = {
    ...{ part: '', waiting: null, waitingText: '', rawId: Number(more.jobId), reason: 'None', exit: null },
    ...{
      submittedAt: T,
      startedAt: null,
      endedAt: null,
      restarts: 0,
      user: 'ada',
      partition: 'main',
      nodes: '',
    },
    ...more,
  };
  return { ...whole, line: JSON.stringify(whole) };
}
const running = (more: Partial<Row> = {}) =>
  row({ jobId: '7', state: 'RUNNING', startedAt: T + 1, nodes: 'node1', ...more });

function house() {
  const lives = createLives('q', new Set(['ada']));
  return {
    lives,
    poll(...rows: Row[]) {
      const taken = lives.take(rows);
      return { ...taken, ...lives.news() };
    },
  };
}

describe('states between, as squeue(1) has them', () => {
  it.each([
    ['CONFIGURING', 'running'],
    ['POWER_UP_NODE', 'running'],
    ['RESIZING', 'running'],
    ['SIGNALING', 'running'],
    ['STAGE_OUT', 'running'],
    ['STOPPED', 'running'],
    ['BOOT_FAIL', 'failed'],
    ['A_STATE_TO_COME', 'running'],
  ])('%s of a job that ran is %s, in its own word', (state, status) => {
    const { poll } = house();
    poll(running());
    const { changed } = poll(running({ state, endedAt: status === 'failed' ? T + 5 : null }));
    expect(changed).toMatchObject([{ status, scheduler: { state } }]);
  });

  it.each(['RESV_DEL_HOLD', 'REQUEUE_HOLD', 'REQUEUE_FED', 'SPECIAL_EXIT'])(
    '%s of a job that is put back is that it waits',
    (state) => {
      const { poll } = house();
      poll(running());
      const { changed } = poll(row({ jobId: '7', state, submittedAt: T + 9, restarts: 1 }));
      expect(changed).toMatchObject([
        { status: 'ended', seen: { by: 'requeued' } },
        { status: 'queued', scheduler: { state }, restarts: 1 },
      ]);
    },
  );
});

describe('a job that is put back', () => {
  it('is no other job while Slurm cleans up after it, with its old time and its new count', () => {
    const { poll } = house();
    poll(running());
    const between = poll(running({ state: 'COMPLETING', restarts: 1, endedAt: T + 9 }));
    expect(between.isAnotherState).toBe(false);
    expect(between.changed).toMatchObject([{ status: 'running', scheduler: { state: 'COMPLETING' } }]);
    const after = poll(
      row({ jobId: '7', state: 'PENDING', submittedAt: T + 9, restarts: 1, reason: 'BeginTime' }),
    );
    expect(after.isAnotherState).toBe(false);
    expect(after.changed).toMatchObject([
      { enqueuedAt: T, status: 'ended', seen: { by: 'requeued' }, startedAt: T + 1, endedAt: T + 9 },
      { enqueuedAt: T + 9, status: 'queued', restarts: 1 },
    ]);
    expect(after.removed).toEqual([]);
  });

  it('within the second of its submission waits again as the same job', () => {
    const { poll } = house();
    poll(running({ startedAt: T }));
    const { changed, isAnotherState } = poll(row({ jobId: '7', state: 'PENDING', restarts: 1 }));
    expect(isAnotherState).toBe(false);
    expect(changed).toMatchObject([{ enqueuedAt: T, status: 'queued', startedAt: null, restarts: 1 }]);
  });

  it('after it had ended keeps its end, and is another life', () => {
    const { poll } = house();
    poll(running({ state: 'COMPLETED', exit: { code: 0, signal: 0 }, endedAt: T + 5 }));
    const { changed } = poll(row({ jobId: '7', state: 'PENDING', submittedAt: T + 60, restarts: 1 }));
    expect(changed).toMatchObject([{ enqueuedAt: T + 60, status: 'queued' }]);
  });
});

describe('an id', () => {
  it('that another job has, with no higher count, tells that the state was lost; and so does a smaller new one', () => {
    const { poll, lives } = house();
    poll(running(), running({ jobId: '9' }));
    const taken = lives.take([row({ jobId: '7', state: 'PENDING', submittedAt: T + 60 })]);
    expect(taken.isAnotherState).toBe(true);
    lives.lose();
    expect(lives.news().removed.map(({ jobId }) => jobId)).toEqual(['7', '9']);
    expect(lives.highestId()).toBe(7);

    const other = house();
    other.poll(running({ jobId: '9' }));
    expect(other.poll(row({ jobId: '2', state: 'PENDING', submittedAt: T + 60 })).isAnotherState).toBe(true);
  });

  it('that is bigger, or smaller and as old, tells nothing', () => {
    const { poll } = house();
    poll(running({ jobId: '9' }));
    const { isAnotherState } = poll(
      running({ jobId: '9' }),
      running({ jobId: '3' }),
      running({ jobId: '12', submittedAt: T + 5 }),
    );
    expect(isAnotherState).toBe(false);
  });
});

describe('what is missing', () => {
  it('for one poll and is back is told as nothing', () => {
    const { poll } = house();
    poll(running());
    const away = poll();
    expect(away.absent).toMatchObject([{ part: '' }]);
    expect(away.changed).toEqual([]);
    const back = poll(running());
    expect({ absent: back.absent, changed: back.changed }).toEqual({ absent: [], changed: [] });
  });

  it('had ended before, and is forgotten without a word', () => {
    const { poll, lives } = house();
    poll(running({ state: 'FAILED', exit: { code: 3, signal: 0 }, endedAt: T + 5 }));
    for (let looks = 0; looks < 3; looks += 1)
      expect(poll()).toMatchObject({ absent: [], changed: [], removed: [] });
    expect(lives.all().size).toBe(0);
  });

  it('is settled as what is known of it, once, and else as unknown', () => {
    const { poll, lives } = house();
    poll(running(), running({ jobId: '8' }));
    const { absent } = poll();
    const end = { returnCode: 5, error: 'Exited with return code 5', oomDetected: false };
    lives.settle(
      absent[0]!,
      { stage: 'failed', word: { state: 'FAILED', reason: null }, end, startedAt: T + 1, endedAt: T + 3 },
      T + 60,
    );
    lives.settle(absent[1]!, null, T + 60);
    lives.settle(
      absent[1]!,
      { stage: 'completed', word: { state: 'COMPLETED', reason: null }, end, startedAt: T, endedAt: T },
      T + 90,
    );
    expect(lives.news().changed).toMatchObject([
      { jobId: '7', status: 'failed', returnCode: 5, endedAt: T + 3 },
      { jobId: '8', status: 'ended', returnCode: null, endedAt: T + 60, seen: { by: 'gone' } },
    ]);
  });
});

describe('an array', () => {
  const waiting = (numbers: number[], more: Partial<Row> = {}) =>
    row({ jobId: '10', state: 'PENDING', waiting: numbers, waitingText: numbers.join(','), ...more });
  const task = (part: number, more: Partial<Row> = {}) =>
    running({ jobId: '10', part: `${part}`, rawId: 20 + part, ...more });

  it('whose waiting tasks were cancelled all at once is told so by its own record', () => {
    const { poll } = house();
    poll(waiting([1, 2, 3]), task(0));
    const { changed } = poll(row({ jobId: '10', state: 'CANCELLED', endedAt: T + 9 }), task(0));
    expect(changed).toMatchObject([
      { status: 'running', tasks: { total: 4, running: 1, cancelled: 3, which: { cancelled: '1-3' } } },
    ]);
  });

  it('whose task is put back goes on, and is no other array', () => {
    const { poll } = house();
    poll(task(0), task(1));
    const { changed, isAnotherState } = poll(
      task(0, { state: 'PENDING', restarts: 1, submittedAt: T + 9, startedAt: null }),
      task(1, { state: 'COMPLETED', endedAt: T + 8 }),
    );
    expect(isAnotherState).toBe(false);
    expect(changed).toMatchObject([
      { enqueuedAt: T, status: 'running', tasks: { waiting: 1, completed: 1 } },
    ]);
  });

  it('is restored after a restart with what had ended before, and takes up the rest', () => {
    const first = house();
    first.poll(
      waiting([3, 4]),
      task(0, { state: 'COMPLETED', endedAt: T + 3 }),
      task(1, { state: 'FAILED', exit: { code: 7, signal: 0 }, endedAt: T + 4 }),
      task(2),
    );
    const known = [...first.lives.jobs().values()];
    const { poll, lives } = house();
    lives.restore(known);
    // Slurm has forgotten what ended.
    const { changed, absent } = poll(waiting([4]), task(2, { state: 'COMPLETED', endedAt: T + 9 }), task(3));
    expect(absent).toEqual([]);
    expect(changed).toMatchObject([
      {
        status: 'running',
        tasks: {
          total: 5,
          waiting: 1,
          running: 1,
          completed: 2,
          failed: 1,
          which: { failed: '1', completed: '0,2' },
        },
      },
    ]);
  });

  it('of 2,000 tasks costs little, and little more once nothing changes', () => {
    const { poll } = house();
    const tasks = Array.from({ length: 2_000 }, (_, index) =>
      task(index, index % 3 === 0 ? { state: 'COMPLETED', endedAt: T + 9 } : {}),
    );
    const began = cpuMs();
    expect(poll(...tasks).changed).toMatchObject([{ tasks: { total: 2_000, completed: 667 } }]);
    const changed = cpuMs();
    for (let looks = 0; looks < 10; looks += 1) expect(poll(...tasks).changed).toEqual([]);
    expect(changed - began).toBeLessThan(500);
    expect((cpuMs() - changed) / 10).toBeLessThan(50);
  });
});

it('jobs of others are as if they were not there', () => {
  const { poll } = house();
  expect(poll(running({ user: 'bob' }))).toMatchObject({ fresh: [], changed: [] });
});

describe('how long the tasks of an array ran', () => {
  const details = {
    ...{ name: 'sweep', rawName: 'sweep', runDir: '/r', logPath: '/r/xaxbot.log', workDir: '/' },
    ...{ comment: null, gpus: 2, wckey: null },
  };
  const task = (part: string, more: Partial<Row> = {}) => running({ part, ...more });
  const rows = [
    task('0', { state: 'COMPLETED', startedAt: T + 10, endedAt: T + 110 }),
    task('1', { state: 'FAILED', startedAt: T + 10, endedAt: T + 40 }),
    task('2', { startedAt: T + 50 }),
    row({ jobId: '7', state: 'PENDING', waiting: [3], waitingText: '3' }),
  ];

  function told() {
    const { lives, poll } = house();
    lives.describe(lives.take(rows).fresh[0]!, details);
    lives.news();
    return { lives, poll, job: () => lives.job('7')! };
  }
  const held = (job: Job, at: number) => gpusHeld({ ...job, gpus: null }, at * 1_000);

  it('is added up, those that run counted until now', () => {
    const { job } = told();
    expect(job().tasks!.times).toEqual({
      ...{ gpus: 2, seconds: 130, untimed: 0 },
      running: { count: 1, since: T + 50 },
    });
    expect(held(job(), T + 210)).toBe((2 * (130 + 160)) / 200);
  });

  it('is known after a start of the bot, and said to be unknown of one that nobody saw end', () => {
    const before = told().job();
    const { lives } = house();
    lives.restore([before]);
    for (const absent of lives.take([]).absent) lives.settle(absent, null, T + 900);
    const [ended] = lives.news().changed;
    expect(ended!.tasks).toMatchObject({ unknown: 2, times: { gpus: 2, seconds: 130, untimed: 2 } });
    expect(held(ended!, T + 2_000)).toBe(260 / (ended!.endedAt! - ended!.startedAt!));
  });
});
