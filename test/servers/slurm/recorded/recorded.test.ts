import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { eventually, temporaryFolder } from '../../../helpers.ts';
import { type Slurm, startSlurm, whyNoSlurm } from '../index.ts';
import { runIn } from '../run.ts';
import {
  type Frame,
  type RecordedDay,
  readJournal,
  startRecordedDay,
  trueJobs,
  VERSIONS,
  type Version,
} from './index.ts';
import { scontrol } from './scontrol.ts';
import { sinfo } from './sinfo.ts';
import { squeue } from './squeue.ts';

const UTC = { TZ: 'UTC', PATH: '/usr/bin:/bin' };
const POLL = ['-h', '-t', 'all', '-u', 'ada', '-O', 'JobArrayID:|,State:|,SubmitTime:|,EndTime:|,Reason:|'];
const CONTROLLER = { nextId: 1, version: '22.05.8' } as const;
const asRecorded = { format: undefined, shiftSeconds: 0 };

function askerOf(day: RecordedDay, folder: string) {
  return (argv: readonly string[], environment: Record<string, string> = {}) =>
    runIn(folder, [join(day.bin, argv[0]!), ...argv.slice(1)], { ...UTC, ...environment }, {});
}

describe('the recorded day', () => {
  const folder = temporaryFolder();
  const day = startRecordedDay(folder);
  const ask = askerOf(day, folder);

  it('is told word for word to who asks as the recorder did, at every moment', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'UTC';
    try {
      for (const { commands } of day.frames) {
        const said = {
          squeue: squeue(commands.squeue.argv.slice(1), commands, asRecorded, 'ada'),
          scontrol: scontrol(commands.scontrol.argv.slice(1), commands, asRecorded, CONTROLLER),
          sinfo: sinfo(commands.sinfo.argv.slice(1), commands, asRecorded),
        };
        for (const name of ['squeue', 'scontrol', 'sinfo'] as const) {
          const { code, out, error } = commands[name];
          // squeue and sinfo close a list with an empty line, which says nothing.
          const trimmed = (text: string) => text.replace(/\s+$/, '');
          expect({ ...said[name], out: trimmed(said[name].out) }).toEqual({ code, out: trimmed(out), error });
        }
      }
    } finally {
      process.env.TZ = zone;
    }
    expect(day.frames).toHaveLength(146);
  });

  it('is told in the columns and times that are asked for', async () => {
    day.goTo(39);
    const said = await ask(['squeue', ...POLL], { SLURM_TIME_FORMAT: '%s', SLURM_BITSTR_LEN: '0' });
    expect(said).toMatchObject({ code: 0, error: '' });
    const lines = said.out.split('\n');
    expect(lines).toContain('17|PENDING|1795983180|N/A|DependencyNeverSatisfied|');
    expect(lines).toContain('5|TIMEOUT|1795983124|1795983206|TimeLimit|');
    expect((await ask(['squeue', ...POLL], { TZ: 'Asia/Kolkata' })).out).toContain(
      '\n5|TIMEOUT|2026-11-30T01:42:04|2026-11-30T01:43:26|TimeLimit|\n',
    );
    expect((await ask(['squeue', '-h', '--me', '-j', '10', '-t', 'failed', '-O', 'JobArrayID:|'])).out).toBe(
      '10_7|\n',
    );
    expect(await ask(['squeue', '-j', '999', '-O', 'JobID:|'])).toMatchObject({ code: 1, out: '' });
    expect(await ask(['squeue', '-h', '-j', '17', '-O', 'JobID:|,future:|,WorkDir:|'])).toEqual({
      code: 0,
      out: '17||/home/ada/jobs|\n',
      error: 'squeue: error: Invalid job format specification: future\n',
    });
  });

  it('is told of one job, of the settings, and of nodes', async () => {
    day.goTo(39);
    expect((await ask(['scontrol', '-o', 'show', 'job', '10_7'])).out).toMatch(
      /^JobId=20 ArrayJobId=10 .*\n$/,
    );
    expect(
      (await ask(['scontrol', '-o', 'show', 'job', '10'])).out.trim().split('\n').length,
    ).toBeGreaterThan(10);
    expect((await ask(['scontrol', '-o', 'show', 'job', '4711'])).code).toBe(1);
    const config = (await ask(['scontrol', 'show', 'config'])).out;
    expect(config).toMatch(/^MinJobAge +=.60 sec$/m);
    expect(config).toMatch(/^NEXT_JOB_ID +=.32$/m);
    day.goTo(day.frames.findIndex(({ commands }) => commands.sinfo.out.includes('down')));
    const nodes = await ask(['sinfo', '-h', '-N', '-n', 'node2', '-o', '%N|%T|%H'], {
      SLURM_TIME_FORMAT: '%s',
    });
    expect(nodes.out).toMatch(/^(node2\|down\*?\|\d{10}\n){3}$/);
    expect(await ask(['sacct', '-n', '-P'])).toMatchObject({
      code: 1,
      error: 'Slurm accounting storage is disabled\n',
    });
  });

  it('begins its ids anew once its state was lost', async () => {
    day.goTo(day.frames.length - 1);
    expect((await ask(['scontrol', 'show', 'config'])).out).toMatch(/^NEXT_JOB_ID +=.5$/m);
  });

  it('has the outages, as slow as is wanted', async () => {
    const slow = startRecordedDay(join(folder, 'slow'), { slowness: 0.1 });
    slow.goTo(86);
    const started = Date.now();
    expect(await askerOf(slow, folder)(['squeue', ...POLL])).toEqual({
      code: 1,
      out: '',
      error: 'slurm_load_jobs error: Socket timed out on send/recv operation\n',
    });
    expect(Date.now() - started).toBeGreaterThan(1000);
  });

  it('can be on another day', async () => {
    const later = startRecordedDay(join(folder, 'later'), { shiftSeconds: 86_400 });
    later.goTo(39);
    const { out } = await askerOf(later, folder)(['squeue', ...POLL]);
    expect(out).toContain('\n5|TIMEOUT|2026-11-30T20:12:04|2026-11-30T20:13:26|TimeLimit|\n');
    expect(later.timeOf(0)).toBe(day.timeOf(0) + 86_400_000);
  });

  it('can be told as a later version would, as far as is documented', async () => {
    const exits = ['squeue', '-h', '-t', 'all', '-j', '6,7,8,10', '-O', 'JobArrayID:|,exit_code:|'];
    const tellers = VERSIONS.map((version) => {
      const told = startRecordedDay(join(folder, version), { version });
      told.goTo(16);
      return askerOf(told, folder);
    });
    const answers = await Promise.all(tellers.map(async (each) => (await each(exits)).out));
    expect(answers[0]!.split('\n')).toEqual(expect.arrayContaining(['6|253|', '7|35072|', '8|9|']));
    for (const later of answers.slice(1))
      expect(later.split('\n')).toEqual(expect.arrayContaining(['6|0:125|', '7|137:0|', '8|0:9|']));
    const textsOf = (argv: string[]) => Promise.all(tellers.map(async (each) => (await each(argv)).out));
    const from = (first: Version) => VERSIONS.map((_, index) => index >= VERSIONS.indexOf(first));
    const records = await textsOf(['scontrol', '-o', 'show', 'job']);
    const have = (shape: RegExp) => records.map((text) => shape.test(text));
    expect(have(/ ReqTRES=\S+ AllocTRES=cpu=1/)).toEqual(from('23.02.0'));
    expect(have(/ TRES=cpu=1/)).toEqual(from('23.02.0').map((is) => !is));
    expect(have(/ Power=/)).toEqual(from('24.05.0').map((is) => !is));
    expect(have(/ Licenses=\S* LicensesAlloc=/)).toEqual(from('25.05.0'));
    expect(have(/ SubmitLine=sbatch .* WorkDir=/)).toEqual(from('25.11.0'));
    const settings = await textsOf(['scontrol', 'show', 'config']);
    const values = (name: string) =>
      settings.map((text) => new RegExp(`^${name} +=.(.*)$`, 'm').exec(text)![1]);
    expect(values('AccountingStorageType').map((value) => value === '(null)')).toEqual(from('23.11.0'));
    expect(values('SLURM_VERSION')).toEqual([...VERSIONS]);
  });

  it('makes nothing up', async () => {
    day.goTo(39);
    for (const argv of [
      ['squeue', '--json'],
      ['squeue', '-O', 'JobID:|,PreemptTime:|'],
      ['squeue', '-O', 'JobID'],
      ['squeue', '-j', '10_999', '-O', 'JobID:|'],
      ['scontrol', '-o', 'show', 'job', '10_999'],
      ['scontrol', 'hold', '17'],
      ['sinfo', '-o', '%C'],
    ])
      expect(await ask(argv)).toMatchObject({ code: 70, out: '' });
    expect(await ask(['squeue', ...POLL], { SQUEUE_FORMAT: '%i' })).toMatchObject({ code: 70 });
    await expect(ask(['scancel', '17'])).rejects.toThrow('ENOENT');
  });
});

describe('what was truly done on that day', () => {
  const jobs = trueJobs();
  const fates = jobs.flatMap(({ parts }) => parts);

  it('is known of every job', () => {
    expect(jobs.map(({ key }) => key)).toEqual(
      readJournal().flatMap(({ kind, key }) => (kind === 'submit' ? [key] : [])),
    );
    const idsOf = (fate: string) => fates.filter((part) => part.fate === fate).map(({ id }) => id);
    expect(idsOf('cancelled without a record')).toEqual(['10_15', '10_17', '10_18']);
    expect(idsOf('lost with the state')).toEqual(['17', '39', '42', '43', '48', '49']);
    expect(jobs.filter(({ isArray }) => isArray).map(({ id, parts }) => [id, parts.length])).toEqual([
      [10, 20],
    ]);
  });

  it('tells lives of one job apart, and jobs of one id', () => {
    const statesOf = (key: string) =>
      jobs.find((job) => job.key === key)!.parts.map(({ lives }) => lives.map(({ state }) => state));
    expect(statesOf('requeue')).toEqual([['PENDING', 'COMPLETED']]);
    expect(statesOf('scav-requeue')).toEqual([['PREEMPTED', 'CANCELLED']]);
    expect(statesOf('nf-requeue')).toEqual([['NODE_FAIL', 'CANCELLED']]);
    expect(statesOf('nf-norequeue')).toEqual([['NODE_FAIL']]);
    expect(statesOf('het')).toEqual([['COMPLETED'], ['COMPLETED']]);
    expect(statesOf('pend-cancel')).toEqual([['CANCELLED']]);
    expect(statesOf('last-ok')).toEqual([['COMPLETED']]);
    expect(jobs.find(({ key }) => key === 'oom')!.parts[0]!.lives[0]).toMatchObject({ code: 0, signal: 125 });
  });
});

const reason = whyNoSlurm();
if (reason) test.skip(`the stand-in was not compared with a real Slurm: ${reason}`, () => {});

describe.skipIf(reason !== null)('the stand-in of Slurm', () => {
  let slurm: Slurm;
  let frame: Frame['commands'];
  const real = (argv: readonly string[]) => slurm.run(argv, { environment: { SLURM_TIME_FORMAT: '%s' } });

  beforeAll(async () => {
    slurm = await startSlurm();
    await slurm.submit('exit 3', ['-J', 'failed']);
    await slurm.submit('sleep 600', ['-J', 'it', '--wckey=token', '--comment=a b', '-t', '30']);
    await slurm.submit('sleep 600', ['--array=0-9%2', '--nice=7']);
    await slurm.submit('sleep 600', ['--dependency=afterok:2']);
    await slurm.submit('sleep 600', ['--begin=now+1hour']);
    await slurm.submit('sleep 600', ['--hold', '-J', 'a|b']);
    await eventually(
      'they run',
      async () =>
        (await slurm.job('1'))?.JobState === 'FAILED' && (await slurm.job('2'))?.JobState === 'RUNNING',
    );
    await eventually(
      'tasks run',
      async () =>
        (await real(['squeue', '-h', '-t', 'running', '-O', 'JobID:|'])).out.split('\n').length === 4,
    );
    const day = startRecordedDay(temporaryFolder());
    const { squeue: recorded, scontrol: shown, sinfo: nodes } = day.frames[0]!.commands;
    const ask = async ({ argv }: { argv: string[] }) => {
      // In UTC, as the recording.
      const { code, out, error } = await slurm.run(argv, { environment: { TZ: 'UTC' } });
      return { argv, code: code!, out, error, seconds: 0 };
    };
    frame = { squeue: await ask(recorded), scontrol: await ask(shown), sinfo: await ask(nodes) };
    return () => slurm.stop();
  });

  const epoch = { format: '%s', shiftSeconds: 0 };

  it.each([
    'JobArrayID JobID ArrayJobID ArrayTaskID State Reason exit_code SubmitTime StartTime EndTime RestartCnt UserName',
    'Partition NodeList TimeLimit Name',
    'Account Command Comment Dependency Licenses Nice NumCPUs NumNodes QOS WorkDir PriorityLong BatchHost',
    'EligibleTime',
    'JobID nosuch State',
  ])('prints what the real squeue prints: %s', async (fields) => {
    const argv = [
      '-t',
      'all',
      '-O',
      fields
        .split(' ')
        .map((field) => `${field}:|`)
        .join(','),
    ];
    for (const which of [[], ['-h'], ['-h', '-j', '2'], ['-u', 'root'], ['-u', 'nobody'], ['-j', '4711']]) {
      const { code, out, error } = await real(['squeue', ...which, ...argv]);
      const said = squeue([...which, ...argv], frame, epoch, 'root');
      expect({ ...said, out: said.out.trim() }).toEqual({ code, out: out.trim(), error });
    }
  });

  it('prints what the real scontrol and sinfo print', async () => {
    for (const id of ['2', '3', '3_0', '4711']) {
      const { code, out, error } = await real(['scontrol', '-o', 'show', 'job', id]);
      const said = scontrol(['-o', 'show', 'job', id], frame, epoch, CONTROLLER);
      // The time goes on, and the scheduler with it.
      const still = (text: string) => text.replace(/(RunTime|Scheduler|LastSchedEval)=\S+/g, '').trim();
      expect({ ...said, out: still(said.out) }).toEqual({ code, out: still(out), error });
    }
    const nodes = ['-h', '-N', '-n', 'node1', '-o', '%N|%T|%H'];
    expect(sinfo(nodes, frame, epoch).out.trim()).toBe((await real(['sinfo', ...nodes])).out.trim());
  });
});
