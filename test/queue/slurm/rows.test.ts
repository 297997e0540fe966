import { expect, it } from 'vitest';
import { detailsIn } from '../../../src/queue/slurm/details.ts';
import { manyDetailsIn } from '../../../src/queue/slurm/details-of-many.ts';
import { accountedIn } from '../../../src/queue/slurm/endings.ts';
import { slurmEnvironment } from '../../../src/queue/slurm/environment.ts';
import { parseRows } from '../../../src/queue/slurm/rows.ts';
import { parseTaskNumbers, taskNumbersText } from '../../../src/queue/slurm/task-numbers.ts';
import { endOf, schedulerWord, stageOf } from '../../../src/queue/slurm/words.ts';

const row = (cells: Record<string, string> = {}) =>
  Object.values({
    name: '4711',
    raw: '4711',
    array: '4711',
    task: 'N/A',
    state: 'PENDING',
    exit: '0',
    submit: '1795983120',
    start: 'N/A',
    end: 'NONE',
    restarts: '0',
    user: 'ada',
    partition: 'main',
    nodes: '',
    reason: 'Priority',
    ...cells,
  }).join('|');

it('task numbers are read and written as Slurm writes them', () => {
  expect(parseTaskNumbers('[3-5%4]')).toEqual([3, 4, 5]);
  expect(parseTaskNumbers('0,2-10:4,12')).toEqual([0, 2, 6, 10, 12]);
  for (const text of ['', '3-', 'a', '1-2-3', '[1-2,...]'])
    expect(parseTaskNumbers(text), text).toBeUndefined();
  expect(parseTaskNumbers('0-99999999')).toBeUndefined();
  expect(taskNumbersText([8, 0, 1, 2, 5, 4])).toBe('0-2,4-5,8');
});

it('a row is read by its columns, whatever an administrator wrote as the reason', () => {
  const [one] = parseRows(`${row({ reason: 'no | way' })}|\n`);
  expect(one).toMatchObject({
    jobId: '4711',
    part: '',
    reason: 'no | way',
    submittedAt: 1_795_983_120,
    startedAt: null,
  });
  const [task, rest, part] = parseRows(
    [
      row({ name: '10_7', raw: '20', array: '10', task: '7', state: 'FAILED', exit: '1792' }),
      row({ name: '10_[8-9%4]', raw: '10', array: '10', task: '8-9%4' }),
      row({ name: '46+1', raw: '47', array: '47', exit: '0:125' }),
    ].join('|\n'),
  );
  expect(task).toMatchObject({ jobId: '10', part: '7', rawId: 20, exit: { code: 7, signal: 0 } });
  expect(rest).toMatchObject({ jobId: '10', waiting: [8, 9], waitingText: '8-9%4' });
  expect(part).toMatchObject({ jobId: '46', part: '+1', exit: { code: 0, signal: 125 } });
});

it('what is no row is none: other programs, the rest of a text, a title', () => {
  expect(parseRows('')).toEqual([]);
  expect(parseRows('slurm_load_jobs error: no\nJOBID|STATE|\n|||||||||||||||\n')).toEqual([]);
  expect(parseRows(row({ submit: '2026-11-29T20:12:00' }))).toEqual([]);
});

it('no word for an end is made of an exit code', () => {
  const ended = (state: string, code: number, signal = 0, hasRun = true) =>
    endOf({ state, reason: 'None', exit: { code, signal } }, hasRun);
  expect(ended('TIMEOUT', 0)).toMatchObject({ returnCode: null, error: 'Time limit reached (TIMEOUT)' });
  expect(ended('OUT_OF_MEMORY', 0, 125)).toMatchObject({ oomDetected: true, returnCode: null });
  expect(ended('COMPLETED', 0)).toEqual({ returnCode: 0, error: null, oomDetected: false });
  expect(ended('FAILED', 137)).toMatchObject({ returnCode: 137, error: 'Exited with return code 137' });
  expect(ended('FAILED', 0, 9)).toMatchObject({ returnCode: -9, error: 'Terminated by signal 9' });
  expect(ended('CANCELLED', 0, 15)).toMatchObject({ error: 'Terminated by signal 15' });
  expect(ended('CANCELLED', 0, 0, false)).toMatchObject({ error: 'Cancelled before execution' });
  expect(ended('FAILED', 0, 1, false)).toMatchObject({
    returnCode: null,
    error: expect.stringContaining('Never ran'),
  });
  for (const state of ['NODE_FAIL', 'PREEMPTED', 'DEADLINE', 'BOOT_FAIL']) {
    expect(stageOf(state)).toBe('failed');
    expect(ended(state, 0).error).toContain(state);
  }
  expect(stageOf('COMPLETING')).toBe('running');
  expect(stageOf('SOMETHING_NEW')).toBeUndefined();
});

it('a reason is shown as one plain line, and said to be for ever where it is', () => {
  expect(schedulerWord({ state: 'PENDING', reason: 'None' })).toEqual({ state: 'PENDING', reason: null });
  const hostile = schedulerWord({
    state: 'PENDING',
    reason: `\u001b[31mred\u202e <@U1>\n${'x'.repeat(500)}`,
  });
  expect(hostile.reason).toMatch(/^red <@U1> x+/);
  expect(hostile.reason!.length).toBeLessThanOrEqual(120);
  expect(schedulerWord({ state: 'PENDING', reason: 'DependencyNeverSatisfied' })).toMatchObject({
    never: true,
  });
  expect(schedulerWord({ state: 'PENDING', reason: 'Resources' })).not.toHaveProperty('never');
});

const record = (name: string, more = '') =>
  `JobId=4711 ${more}JobName=${name} UserId=ada(1001) GroupId=ada(1001) MCS_label=N/A Priority=1 TRES=cpu=1,gres/gpu=2 Command=(null) ` +
  'WorkDir=/home/ada/a b StdErr=/home/ada/e StdIn=/dev/null StdOut=/home/ada/a b/slurm-4711.out Power= \n';

it('the name of a job may be anything; the rest is still its own', () => {
  for (const name of ['a|b "q" \\ é', 'two\nlines', 'x UserId=root(0) y', ' lead', 'JobId=1 JobName=z'])
    expect(detailsIn(record(name), '4711'), name).toMatchObject({
      rawName: name,
      workDir: '/home/ada/a b',
      logPath: '/home/ada/a b/slurm-4711.out',
      runDir: '/home/ada/a b/slurm-4711',
      gpus: 2,
    });
  expect(detailsIn(record('two\nlines'), '4711')?.name).toBe('two lines');
  expect(detailsIn(record('x'), '4712')).toBeUndefined();
  expect(detailsIn('', '4711')).toBeUndefined();
});

it('of many jobs at once each has its own, whatever its name holds', () => {
  const mark = '|x1f|';
  const row = (...cells: string[]) => cells.map((cell) => `${cell}${mark}`).join('');
  const evil = `x|x1e|4712|x1e|/etc|\n4712 JobId=4712`;
  const text = `${row('4711', evil, '/home/ada', '/home/ada/out-%j.log', '(null)', 'cpu=1', 'gres:gpu:2')}\n${row('10_[0-5]', 'arr', '/w', '/w/%A_%a.out', 'why', 'cpu=1,gres/gpu=4', 'N/A')}\n${row('10_7', 'other', '/w', '/w/%x.out', '', '', '')}\n`;
  const found = manyDetailsIn(text, mark);
  expect([...found.keys()]).toEqual(['4711', '10']);
  expect(found.get('4711')).toMatchObject({
    rawName: evil,
    logPath: '/home/ada/out-4711.log',
    gpus: 2,
    comment: null,
  });
  expect(found.get('10')).toMatchObject({ name: 'arr', logPath: '/w/10_%a.out', gpus: 4, comment: 'why' });
});

it('of an array the path of its logs has a place for the number of a task', () => {
  const of = (task: string, path: string) =>
    detailsIn(
      record('x', `ArrayJobId=4711 ArrayTaskId=${task} `).replace(/StdOut=.* Power/, `StdOut=${path} Power`),
      '4711',
    )?.logPath;
  expect(of('1-2%1', '/r/xaxbot-4294967294.log')).toBe('/r/xaxbot-%a.log');
  expect(of('7', '/r/slurm-4711_7.out')).toBe('/r/slurm-4711_%a.out');
  expect(of('7', '/r/all.out')).toBe('/r/all.out');
});

it('accounting tells of this life alone', () => {
  const life = { jobId: '4711', submittedAt: 200, isArray: false };
  const text =
    '4711|FAILED|1:0|100|101|110\n4711|CANCELLED by 1001|0:15|200|201|210\n4712|COMPLETED|0:0|200|201|210\n';
  const [found, ...more] = [...accountedIn(text, life)];
  expect(found).toMatchObject([
    '',
    { stage: 'cancelled', endedAt: 210, end: { error: 'Terminated by signal 15' } },
  ]);
  expect(more).toEqual([]);
  expect(accountedIn('4711|RUNNING|0:0|200|201|Unknown\n', life).size).toBe(0);
});

it('nothing that a user has set steers what Slurm prints', () => {
  expect(
    slurmEnvironment({
      SQUEUE_FORMAT: '%i',
      SLURM_TIME_FORMAT: 'relative',
      SBATCH_PARTITION: 'x',
      SLURM_JOB_ID: '1',
      SLURM_CONF: '/c',
      PATH: '/bin',
    }),
  ).toEqual({
    SLURM_CONF: '/c',
    PATH: '/bin',
    SLURM_TIME_FORMAT: '%s',
    SLURM_BITSTR_LEN: '0',
    LC_ALL: 'C.UTF-8',
  });
});
