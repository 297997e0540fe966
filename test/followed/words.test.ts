import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { terminalArguments } from '../../adapters/terminal/arguments.ts';
import { COMMANDS } from '../../commands/index.ts';
import { taskOf } from '../../src/control/follow-task.ts';
import { experimentRow } from '../../src/core/experiment.ts';
import { type Job, jobIdMeant } from '../../src/core/job.ts';
import { asOf } from '../../src/core/transition.ts';
import { fieldsFromJob, isMachineText } from '../../src/experiments/from-job.ts';
import { jobTransitions } from '../../src/ingest/diff.ts';
import { wants } from '../../src/notify/places.ts';
import { createLastWrite } from '../../src/queue/followed/last-write.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { temporaryFolder } from '../helpers.ts';
import { rawJob } from '../queue/xax/helpers.ts';

const GONE = { by: 'gone', because: 'its process 4242 is gone' } as const;
const SILENT = { by: 'silent', because: 'nothing was written there for 30 min' } as const;

function job(more: Partial<Job> = {}): Job {
  const [id, raw] = rawJob(1, { status: 'running', started_at: 1_795_446_100 });
  return { ...parseJob('host', id, raw), ...more };
}
const ended = (seen: Job['seen']) =>
  job({ status: 'ended', endedAt: 1_795_446_200, ...(seen ? { seen } : {}) });
const known = (status: Job['status'], startedAt = 1_795_446_100) => ({ status, startedAt });
const kinds = (...which: Parameters<typeof jobTransitions>) =>
  jobTransitions(...which).map(({ kind }) => kind);

describe('an end that nobody saw', () => {
  it('is one of its own, and what takes it back is no start', () => {
    expect(kinds(known('running'), ended(GONE), 0)).toEqual(['ended']);
    expect(kinds(undefined, ended(GONE), 0)).toEqual(['enqueued', 'started', 'ended']);
    expect(kinds(known('ended'), job(), 0)).toEqual(['resumed']);
    expect(kinds(known('ended'), ended(GONE), 0)).toEqual([]);
    // Another start is another run.
    expect(kinds(known('ended', 1), job(), 0)).toEqual(['requeued', 'started']);
  });

  it('is told later as it was seen then', () => {
    const [end] = jobTransitions(known('running'), ended(SILENT), 0);
    expect(asOf(end!, job())).toMatchObject({ status: 'ended', seen: SILENT, endedAt: 1_795_446_200 });
  });

  it('is completed in the log, whose words say beside it what is not known, until it is taken back', () => {
    const empty = experimentRow({ status: 'running' });
    const fields = fieldsFromJob(ended(GONE), empty);
    expect(fields).toMatchObject({
      status: 'completed',
      result_summary: 'outcome unknown: its process 4242 is gone',
    });
    const guess = fieldsFromJob(ended(SILENT), empty);
    expect(guess.result_summary).toBe(
      'outcome unknown: it may have ended, as nothing was written there for 30 min',
    );
    expect(fieldsFromJob(job(), { ...empty, ...guess })).toMatchObject({
      status: 'running',
      result_summary: '',
    });
  });

  it('leaves what a person wrote of it', () => {
    for (const result_summary of [
      'diverged',
      'outcome unknown: its process 4242 is gone; out of memory, says Ada',
    ]) {
      const row = experimentRow({ status: 'completed', result_summary });
      expect(isMachineText('result_summary', result_summary)).toBe(false);
      expect(fieldsFromJob(ended(GONE), row)).not.toHaveProperty('result_summary');
      expect(fieldsFromJob(job(), row)).not.toHaveProperty('result_summary');
    }
    expect(fieldsFromJob(ended(GONE), experimentRow({ status: 'superseded' }))).not.toHaveProperty('status');
  });

  it('is told in channels that are told of completed or failed runs', () => {
    const record = { ...ended(GONE), owner: null } as Parameters<typeof wants>[1];
    const channel = { adapter: 'web', id: 'queue', board: false };
    const told = (
      transitions: Parameters<typeof wants>[0]['transitions'],
      kind: Parameters<typeof wants>[2],
    ) => wants({ ...channel, transitions }, record, kind);
    expect(told(undefined, 'ended')).toBe(true);
    expect(told(['failed'], 'ended')).toBe(true);
    expect(told(['completed'], 'resumed')).toBe(true);
    expect(told(['ended'], 'resumed')).toBe(true);
    expect(told(['started', 'cancelled'], 'ended')).toBe(false);
    expect(told(['ended'], 'failed')).toBe(false);
  });
});

it('a queue of xax has no such status', () => {
  const [id, raw] = rawJob(1, { status: 'ended' });
  expect(() => parseJob('host', id, raw)).toThrow('status is "ended"');
});

it('a followed run is meant by its name, which is no other job’s', () => {
  expect(['run-3', 'RUN-03', ' run-12 '].map(jobIdMeant)).toEqual(['run-3', 'run-3', 'run-12']);
  expect(['run', 'run-', 'run-0', 'run-x', 'rerun-3', '3-run'].map(jobIdMeant)).toEqual(
    Array(6).fill(undefined),
  );
  expect(jobIdMeant('3')).toBe('job-0000003');
});

it.each([
  ['/home/ada/proj/runs/exp-3', 'proj'],
  ['/home/ada/proj/lightning_logs/version_2', 'proj'],
  ['/home/ada/proj/outputs/2026-11-30/12-01-07', 'proj'],
  ['/home/ada/proj/tb/PPO/run_3', 'PPO'],
  ['/home/ada/exp-3', 'exp-3'],
  ['/home/ada/runs/exp-3', 'exp-3'],
  ['/tmp/x', 'x'],
  ['/home/ada/proj.v2/runs/a', 'proj-v2'],
])('the task of %s is %s', (folder, task) => {
  expect(taskOf(folder)).toBe(task);
});

describe('a folder that a terminal names', () => {
  const here = temporaryFolder();
  mkdirSync(join(here, 'runs'));
  mkdirSync(join(here, 'list'));
  mkdirSync(join(here, 'run-1'));
  const typed = (...words: string[]) => terminalArguments(words, COMMANDS, here).argv;

  it('is relative to where the terminal is', () => {
    expect(typed('watch', 'runs')).toEqual(['watch', join(here, 'runs')]);
    expect(typed('watch', '.', '--pid', '42')).toEqual(['watch', here, 'pid=42']);
    expect(typed('watch', '../x/y')).toEqual(['watch', join(here, '../x/y')]);
    expect(typed('watch', '--folder', 'runs/a')).toEqual(['watch', `folder=${join(here, 'runs/a')}`]);
    expect(typed('watch', 'follow', 'runs')).toEqual(['watch', 'follow', join(here, 'runs')]);
    expect(typed('watch', 'unfollow', 'runs')).toEqual(['watch', 'unfollow', join(here, 'runs')]);
    expect(typed('watch', '/whole/path')).toEqual(['watch', '/whole/path']);
  });

  it('is nothing that already means something else', () => {
    expect(typed('watch', 'list')).toEqual(['watch', 'list']);
    expect(typed('watch', 'unfollow', 'run-1')).toEqual(['watch', 'unfollow', 'run-1']);
    expect(typed('watch', 'add', 'above', 'value/loss', '5')).toEqual([
      'watch',
      'add',
      'above',
      'value/loss',
      '5',
    ]);
    expect(typed('metrics', '7', 'runs')).toEqual(['metrics', '7', 'runs']);
  });
});

describe('the last write of a run', () => {
  it('is that of whatever was written anywhere below it, what appears later too', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    const write = (path: string, at: number) => {
      writeFileSync(join(folder, path), 'x');
      utimesSync(join(folder, path), at, at);
      for (const each of ['a/b', 'a', '.']) utimesSync(join(folder, each), 1_000, 1_000);
    };
    write('a/b/checkpoint.pt', 2_000);
    const last = createLastWrite(createRunFiles(folder));
    expect(await last.at()).toBe(2_000_000);
    write('a/log.txt', 3_000);
    expect(await last.at()).toBe(3_000_000);
    write('a/b/checkpoint.pt', 4_000);
    expect(await last.at()).toBe(4_000_000);
    expect(await last.at()).toBe(4_000_000);
  });

  it('of a folder that is gone is none', async () => {
    expect(await createLastWrite(createRunFiles(join(temporaryFolder(), 'gone'))).at()).toBeNull();
  });
});
