import { expect, it } from 'vitest';
import { detailsIn } from '../../../src/queue/slurm/details.ts';
import { accountedIn } from '../../../src/queue/slurm/endings.ts';
import { slurmEnvironment } from '../../../src/queue/slurm/environment.ts';
import { logPathOf, logTemplate } from '../../../src/queue/slurm/logs.ts';
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

it('the name of a job may be anything; the rest is still its own, and that of every other', () => {
  const mark = '|x1f|';
  const cells = {
    id: '4711',
    raw: '4711',
    user: 'ada',
    name: 'x',
    folder: '/home/ada',
    log: '/home/ada/out-%j.log',
    comment: '(null)',
    given: 'cpu=1',
    asked: 'N/A',
    node: 'N/A',
    key: '(null)',
  };
  const rowOf = (more: Partial<typeof cells>) =>
    `${Object.values({ ...cells, ...more })
      .map((cell) => `${cell}${mark}`)
      .join('')}\n`;
  for (const name of [
    'a|b "q" \\ é',
    ' lead',
    'x UserId=nobody(1) GroupId=foo MCS_label=y',
    'line1\nJobId=1 JobName=evil UserId=root(0) GroupId=root(0) MCS_label=N/A WorkDir=/etc StdOut=/etc/passwd',
    'x|x1e|4712|x1e|/etc|\n4712 JobId=4712',
  ]) {
    const found = detailsIn(rowOf({ name, asked: 'gres:gpu:2' }) + rowOf({ id: '12', raw: '12' }), mark);
    expect([...found.keys()]).toEqual(['4711', '12']);
    expect(found.get('4711'), name).toMatchObject({
      rawName: name,
      workDir: '/home/ada',
      logPath: '/home/ada/out-4711.log',
      runDir: '/home/ada/slurm-4711',
      gpus: 2,
      comment: null,
      wckey: null,
    });
  }
  const several = detailsIn(
    rowOf({ id: '10_[0-5]', raw: '10', comment: 'why', given: 'cpu=1,gres/gpu=4' }) +
      rowOf({ id: '10_7', raw: '11', name: 'other' }) +
      rowOf({ id: '20+1', raw: '21', name: 'second' }) +
      rowOf({ id: '20+0', raw: '20', name: 'first' }),
    mark,
  );
  expect(several.get('10')).toMatchObject({ name: 'x', gpus: 4, comment: 'why' });
  expect(several.get('20')).toMatchObject({ name: 'first' });
  expect(detailsIn('', mark).size).toBe(0);
});

it.each<[printed: string, task: string | undefined, path: string]>([
  ['/w/slurm-11.out', undefined, '/w/slurm-11.out'],
  ['/w/slurm-11.out', '[', '/w/slurm-10_%a.out'],
  ['/w/%A_%3a.out', '7', '/w/10_%3a.out'],
  ['/w/%j.out', '7', ''],
  ['/w/%5j-%x-%u.%%', undefined, '/w/00011-a b-ada.%'],
  ['/w/%N.out', undefined, ''],
  ['/w/q\\%j.out', undefined, '/w/q%j.out'],
  ['/w/slurm-10_4294967294.out', '[', '/w/slurm-10_%a.out'],
  ['/w/slurm-10_7.out', '7', '/w/slurm-10_%a.out'],
  ['/w/all.out', '7', '/w/all.out'],
])('the log that is printed as %j (task %j) is %j', (printed, task, path) => {
  const of = { jobId: '10', rawId: '11', name: 'a b', user: 'ada', workDir: '/w' };
  expect(logTemplate({ ...of, task, printed })).toBe(path);
});

it('of an array the log of a task has its number, as wide as it is asked for', () => {
  const { tasks } = { tasks: { which: { failed: '12' } } as never };
  expect(logPathOf({ observerLogPath: '/w/10_%a-%3a.out', tasks })).toBe('/w/10_12-012.out');
  expect(logPathOf({ observerLogPath: '/w/10_%3a.out', tasks }, 4)).toBe('/w/10_004.out');
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
