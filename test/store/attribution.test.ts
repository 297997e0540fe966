import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { openDb } from '../../src/store/db.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { createKillStore } from '../../src/store/kills.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../helpers.ts';
import { rawJob } from '../queue/xax/helpers.ts';

const ENDED = 1_795_446_200;

it('what an older xaxbot wrote of kills and changes is told as far as it was written down', () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const old = new Database(join(folder, 'xaxbot.sqlite'));
  const before = 14;
  for (const migration of MIGRATIONS.slice(0, before)) old.exec(migration);
  old.pragma(`user_version = ${before}`);
  const add = (index: number, status: string, error: string, code: number | null) => {
    const [id, raw] = rawJob(index, {
      status,
      started_at: ENDED - 60,
      ended_at: ENDED,
      error,
      return_code: code,
    });
    const {
      queue,
      jobId,
      enqueuedAt,
      pid: _,
      processGroupId: __,
      childPids: ___,
      ...rest
    } = parseJob('host', id, raw);
    old
      .prepare(
        `INSERT INTO jobs (id, queue, job_id, enqueued_at, task_key, status, started_at, ended_at, body) VALUES (?, ?, ?, ?, 'a.B', ?, ?, ?, ?)`,
      )
      .run(index, queue, jobId, enqueuedAt, status, ENDED - 60, ENDED, JSON.stringify(rest));
    return { queue, jobId, enqueuedAt };
  };
  const killed = add(1, 'failed', 'Terminated by signal 9', -9);
  const cancelled = add(2, 'cancelled', 'Cancelled before execution', null);
  const kill = old.prepare('INSERT INTO kills (job, person, name, at, signal) VALUES (1, ?, ?, ?, ?)');
  kill.run('bea', 'Bea', (ENDED - 900) * 1000, 'SIGTERM');
  kill.run('ada', 'Ada', (ENDED - 11) * 1000, 'SIGKILL');
  old
    .prepare(
      `INSERT INTO transitions (job, kind, at, seen_at, rebuilt, detail) VALUES (2, 'cancelled', 1, 1, 0, '{}')`,
    )
    .run();
  old.close();

  const db = openDb(folder);
  const jobs = createJobStore(db);
  expect(jobs.get(killed)?.killedBy).toMatchObject({ name: 'Ada', signal: 'SIGKILL', exitCode: null });
  expect(createKillStore(db, Date.now).open('host')).toEqual([]);
  // Nobody wrote down whether somebody here had asked for it.
  expect(jobs.transitions(cancelled).map(({ by }) => by)).toEqual([undefined]);
  db.close();
});
