import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BotError } from '../../src/core/errors.ts';
import type { JobLogTail } from '../../src/core/queue.ts';
import type { JobRecord } from '../../src/core/services/jobs.ts';
import { createCauses, diagnosisVersion } from '../../src/notify/causes.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { createCauseStore } from '../../src/store/causes.ts';
import { openDb } from '../../src/store/db.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { rawJob } from '../queue/xax/helpers.ts';
import { quietLog } from '../recorded.ts';

const TRACEBACK = [
  'Traceback (most recent call last):',
  '  File "/home/ada/proj/train.py", line 7, in main',
  '    step()',
  'RuntimeError: the data ran out',
];

describe('the cause of a failed job', () => {
  const db = openDb(temporaryFolder());
  const jobs = createJobStore(db);
  const [id, raw] = rawJob(7, {
    status: 'failed',
    started_at: 1_795_446_100,
    ended_at: 1_795_446_200,
    return_code: 1,
    error: 'Exited with return code 1',
  });
  const queued = parseJob('host', id, raw);
  jobs.put(queued);
  const job = jobs.get(queued)!;
  /** A process of its own over the same database; `lines` null: there is no log. */
  function bot(version: string, lines: string[] | null) {
    let read = 0;
    const causes = createCauses({
      store: createCauseStore(db),
      async readJobLog(): Promise<JobLogTail> {
        read += 1;
        if (!lines) throw new BotError('no-log', 'There is no log.', '');
        return { lines, truncated: false, from: 0, next: { inode: 1, at: 0 }, isUnended: false, path: '' };
      },
      version,
      log: quietLog,
    });
    return { text: (of: JobRecord) => causes.text(of), reads: () => read };
  }

  it('is asked for again where the log was not there, and kept once it was read', async () => {
    const without = bot('1', null);
    expect(await without.text(job)).toBe('unknown: Exited with return code 1');
    const first = bot('1', TRACEBACK);
    const both = await Promise.all([first.text(job), first.text(job)]);
    expect([...new Set(both), first.reads()]).toEqual([
      'RuntimeError: the data ran out (train.py:7 in main)',
      1,
    ]);
    const next = bot('1', ['other words']);
    expect([await next.text(job), next.reads()]).toEqual([
      'RuntimeError: the data ran out (train.py:7 in main)',
      0,
    ]);
  });

  it('is looked for again by better rules, and stays as it was where the log is gone by then', async () => {
    expect(await bot('2', null).text(job)).toBe('RuntimeError: the data ran out (train.py:7 in main)');
    const better = bot('2', ['better', ...TRACEBACK.slice(0, 3), 'RuntimeError: no more data']);
    expect([await better.text(job), better.reads()]).toEqual([
      'RuntimeError: no more data (train.py:7 in main)',
      1,
    ]);
    expect(diagnosisVersion()).toMatch(/^[\w-]{12}$/);
  });

  it('is of that end: a job that failed again is read again', async () => {
    const again = bot('2', ['ValueError: x', 'step 1']);
    expect(
      await again.text({ ...job, endedAt: 1_795_446_300, error: 'Terminated by signal 9', returnCode: -9 }),
    ).toMatch(/^killed outside chat: SIGKILL/);
    expect(again.reads()).toBe(1);
  });

  it('is none of a job that did not fail', async () => {
    const other = bot('2', TRACEBACK);
    expect([await other.text({ ...job, status: 'completed' }), other.reads()]).toEqual(['', 0]);
  });
});

/** When the last recorded state was written, epoch seconds. */
const RECORDED_END = 1795447056;
/** A recorded state as if it had been written now: a week's digest looks no further back. */
function asOfNow(state: string): string {
  const shift = Math.floor(Date.now() / 1000) - RECORDED_END;
  return state.replace(/\b1795\d{6}\.\d+/g, (time) => String(Number(time) + shift));
}

describe('where a failed run is shown', () => {
  const CAUSE = 'out of device memory: 16.0 GiB could not be allocated';
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  beforeAll(async () => {
    const folder = temporaryFolder();
    const home = createRecordedHome(folder);
    home.show('001.json', asOfNow);
    bot = await startTestBot({
      folder,
      home: home.home,
      yaml: 'session: {objective: {metric: value/loss, mode: min}}',
    });
    home.show('030.json', asOfNow);
    await eventually('seen', async () => {
      await bot.app.settled();
      return (await bot.ask('job 8')).ok;
    });
  });
  afterAll(() => bot.app.stop());

  it.each([
    'jobs failed',
    'job 8',
    'status',
    'scoreboard',
    'experiment list limit=20',
    'digest week',
    'report',
  ])('"%s" says why', async (line) => {
    const shown = JSON.stringify((await bot.ask(line)).message);
    expect(shown).toContain(CAUSE);
    // Of a run whose folder is gone nothing is known but what the queue says, and that is said.
    expect(shown).not.toMatch(/(?<!unknown: )Exited with return code/);
  });

  it('its row of the log says what the original scripts write there', async () => {
    const { experiment } = (await bot.ask('job 8')).data as { experiment: { result_summary: string } };
    expect(experiment.result_summary).toBe('Exited with return code 1');
  });

  it('what it had reached by then is not shown as a result', async () => {
    const text = JSON.stringify((await bot.ask('job 8')).message);
    expect(text).toContain('before it failed');
    expect(JSON.stringify((await bot.ask('scoreboard')).message)).toMatch(/[\d.]+, then failed/);
  });
});
