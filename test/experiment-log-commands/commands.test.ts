import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { experimentLogCommand, runExperimentLogCommand } from '../../src/experiment-log-commands/index.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { parseExperimentLog } from '../parsing.ts';
import { FIXTURES } from '../recorded.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const fixture = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');
const at = (time: string) => Date.parse(`2026-11-23T15:24:0${time}Z`);

describe("what the monitor's scripts do", () => {
  let home: string;
  beforeEach(() => {
    home = temporaryFolder();
  });
  const folder = (name = 'default') => join(home, 'experiments', name);
  const csv = () => join(folder(), 'experiment_log.csv');
  async function run(args: string[], now = at('4')) {
    let [said, complained] = ['', ''];
    const code = await runExperimentLogCommand(
      experimentLogCommand(args)!,
      { env: { XAX_HOME: home, HOME: home }, cwd: home, now },
      {
        say: (text) => {
          said += text;
        },
        complain: (text) => {
          complained += text;
        },
      },
    );
    return { code, said, complained };
  }
  const upsert = (id: string, ...flags: string[]) => run(['log', 'upsert', '--experiment-id', id, ...flags]);
  const rows = () => parseExperimentLog(readFileSync(csv(), 'utf8')).rows.map(({ fields }) => fields);

  it('is byte for byte what they wrote: two syncs, two upserts and the report', async () => {
    const status = (name: string) => join(FIXTURES, 'status', name);
    const first = await run(['log', 'sync', '--status-json', status('running.json')], at('3'));
    expect([first.code, first.said]).toEqual([
      0,
      `{\n  "log_path": "${csv()}",\n  "synced_jobs": ${JSON.parse(fixture('status/running.json')).jobs.length}\n}\n`,
    ]);
    expect(readFileSync(csv(), 'utf8')).toBe(fixture('log/after_sync_running.csv'));
    await run(['log', 'sync', '--status-json', status('idle.json'), '--owner', 'ada']);
    expect(readFileSync(csv(), 'utf8')).toBe(fixture('log/after_sync_idle.csv'));
    await upsert(
      'job-0000006',
      ...['--objective-metric', 'value/mae', '--objective-mode', 'min', '--objective-value', '0.2177734375'],
      ...['--metric', 'value/loss=0.06', '--metric', '🕒 timers/dt=0.05'],
      ...['--hypothesis', 'Baseline: lr=0.01, "hidden"=32\nshould reach mae<0.3, fast'],
      ...['--change-summary', 'none | baseline', '--next-action', 'halve lr; =1+1'],
    );
    const { said } = await upsert(
      'lr-003',
      ...['--parent-experiment-id', 'job-0000006', '--status', 'planned'],
      ...['--command', 'python -m examples.toy --launcher queued learning_rate=0.003'],
      ...['--objective-metric', 'value/mae', '--objective-mode', 'min'],
      ...['--hypothesis', 'lower lr → smoother, "better" mae'],
    );
    expect(JSON.parse(said)).toEqual({ experiment_id: 'lr-003', log_path: csv(), mode: 'created' });
    expect(readFileSync(csv(), 'utf8')).toBe(fixture('log/after_upserts.csv'));
    const report = await run(['report', '--experiment-name', 'default', '--plain']);
    expect(JSON.parse(report.said)).toEqual({
      report_path: join(folder(), 'experiment_report.md'),
      rows: 12,
    });
    expect(readFileSync(join(folder(), 'experiment_report.md'), 'utf8')).toBe(
      fixture('log/experiment_report.md'),
    );
  });

  it('takes a value that begins with a dash, and no flag for a value', async () => {
    const done = await upsert(
      'lr-004',
      ...['--objective-value', '-0.5', '--notes', '- the first\n- the second', '--metric', '-x=-1'],
    );
    expect(done.complained).toBe('');
    expect(rows()[0]).toMatchObject({
      objective_value: '-0.5',
      notes: '- the first\n- the second',
      metrics_json: '{"-x": "-1"}',
    });
    expect((await upsert('lr-004', '--notes', '--owner', 'ada')).code).toBe(2);
    expect((await upsert('lr-004', '--objective-value', '0x10')).code).toBe(2);
    expect(rows()[0]).toMatchObject({ objective_value: '-0.5', owner: '' });
  });

  it('begins a session once, and goes on with one that is there', async () => {
    const start = (...flags: string[]) => run(['session', 'start', ...flags]);
    const made = await start('--new', '--name', 'mine');
    expect(JSON.parse(made.said)).toEqual({
      mode: 'new',
      experiment_name: 'mine',
      experiment_dir: folder('mine'),
      log_path: join(folder('mine'), 'experiment_log.csv'),
      report_path: join(folder('mine'), 'experiment_report.md'),
    });
    expect(readdirSync(folder('mine')).sort()).toEqual(['experiment_log.csv', 'experiment_report.md']);
    expect(await start('--new', '--name', 'mine')).toMatchObject({
      code: 1,
      said: '',
      complained: `session start failed: Experiment already exists: ${folder('mine')}\n`,
    });
    expect(JSON.parse((await start('--resume', '--name', 'mine')).said).mode).toBe('resume');
    expect((await start('--resume', '--name', 'other')).complained).toContain('Experiment does not exist');
    expect((await start('--resume')).complained).toContain('--resume requires --name');
    expect((await start('--new', '--resume')).complained).toContain('at most one of --new and --resume');
    expect(JSON.parse((await start()).said).experiment_name).toBe('experiment-20261123-152404');
    for (const name of ['../up', 'a/b', '.hidden', ''])
      expect((await start('--name', name)).complained, name).toMatch(/cannot name a session/);
    expect(readdirSync(join(home, 'experiments')).sort()).toEqual(['experiment-20261123-152404', 'mine']);
  });

  it("never puts a machine's words over a person's, and keeps what it does not know", async () => {
    await run(['log', 'sync', '--status-json', join(FIXTURES, 'status/idle.json')]);
    await upsert('job-0000006', '--result-summary', 'confirmed: smoother', '--notes', 'Ada: look again');
    const text = readFileSync(csv(), 'utf8');
    writeFileSync(csv(), `\ufeff${text.replaceAll('\r\n', '\n').replace('notes\n', 'notes,mood\n')}`);
    chmodSync(csv(), 0o640);
    await run(['log', 'sync', '--status-json', join(FIXTURES, 'status/idle.json')]);
    expect(rows().find(({ experiment_id }) => experiment_id === 'job-0000006')).toMatchObject({
      result_summary: 'confirmed: smoother',
      notes: 'Ada: look again',
      status: 'completed',
    });
    expect(readFileSync(csv(), 'utf8').split('\r\n')[0]).toMatch(/,mood$/);
    expect(statSync(csv()).mode & 0o777).toBe(0o640);
  });

  it('gives a job to the row that was planned for it, and a job of a new numbering to one of its own', async () => {
    await upsert('base', '--queue-job-id', 'job-0000001', '--status', 'planned');
    const status = (runDir: string, enqueued: number) => {
      const path = join(home, 'status.json');
      const job = {
        job_id: 'job-0000001',
        status: 'completed',
        run_dir: runDir,
        enqueued_at: enqueued,
        return_code: 0,
      };
      writeFileSync(path, JSON.stringify({ jobs: [job, 'odd', { job_id: null }] }));
      return ['log', 'sync', '--status-json', path];
    };
    expect(JSON.parse((await run(status('/runs/1', 1_795_446_000))).said).synced_jobs).toBe(1);
    await run(status('/runs/1', 1_795_446_000));
    expect(rows()).toMatchObject([{ experiment_id: 'base', status: 'completed', run_dir: '/runs/1' }]);
    await run(status('/other/1', 1_795_447_000));
    await run(status('/other/2', 1_795_448_000));
    expect(rows().map(({ experiment_id }) => experiment_id)).toEqual([
      'base',
      'job-0000001',
      expect.stringMatching(/^job-0000001@20261123T\d{6}Z$/),
    ]);
  });

  it('refuses what cannot be, in one line, and writes nothing', async () => {
    await upsert('a', '--objective-value', '1');
    await upsert('b', '--parent-experiment-id', 'a');
    const before = readFileSync(csv());
    const cases: [string[], number, RegExp][] = [
      [['a', '--metrics-json', '[1]'], 1, /^log upsert failed: Metrics JSON must be an object\n$/],
      [['a', '--metrics-json', '{'], 1, /Metrics JSON cannot be read/],
      [['a', '--metrics-json', '{}', '--metrics-json-file', 'x'], 1, /at most one of --metrics-json/],
      [['a', '--metric', 'loss'], 1, /Invalid --metric value: 'loss'; expected NAME=VALUE/],
      [['a', '--metric', '=1'], 1, /metric name is empty/],
      [['a', '--objective-value', 'nan'], 1, /would count as the best of all/],
      [['a', '--objective-value', 'much'], 2, /accepted: a number/],
      [['a', '--parent-experiment-id', 'b'], 1, /cannot be the parent of a: it follows a itself/],
      [['a', '--parent-experiment-id', 'a'], 1, /cannot be the parent/],
      [['a', '--status', 'done'], 2, /accepted: one of planned/],
      [['a', '--objective-mode', 'less'], 2, /accepted: max or min/],
      [['../a'], 1, /cannot name an experiment/],
      [['a/b'], 1, /cannot name an experiment/],
      [['a', '--frobnicate'], 2, /frobnicate/],
      [['a', '--experiment-name', '../other'], 1, /cannot name a session/],
    ];
    for (const [[id, ...flags], code, words] of cases) {
      const result = await upsert(id!, ...flags);
      expect([result.code, result.said], `${id} ${flags.join(' ')}`).toEqual([code, '']);
      expect(result.complained, `${id} ${flags.join(' ')}`).toMatch(words);
    }
    for (const text of ['[]', '{"jobs": {}}', '{']) {
      writeFileSync(join(home, 'bad.json'), text);
      expect((await run(['log', 'sync', '--status-json', 'bad.json'])).code, text).toBe(1);
    }
    expect(readFileSync(csv())).toEqual(before);
    expect(readdirSync(home).sort()).toEqual(['bad.json', 'experiments']);
  });

  it('leaves a log alone that it cannot read, and says that an unknown parent is one', async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(csv(), 'no,header\n1,2\n');
    const failed = await upsert('a', '--notes', 'x');
    expect([failed.code, failed.complained]).toEqual([
      1,
      expect.stringMatching(/cannot be read: its first line/),
    ]);
    expect(readFileSync(csv(), 'utf8')).toBe('no,header\n1,2\n');
    writeFileSync(csv(), '');
    const { code, complained } = await upsert('a', '--parent-experiment-id', 'later');
    expect([code, complained]).toEqual([
      0,
      'log upsert: the parent later is not in the experiment log yet\n',
    ]);
  });

  it('keeps metrics as Python writes them: whole numbers, lists and all', async () => {
    const json = '{"b": 1, "a": 1.0, "list": [1, 2.5, null], "é": {"z": true}}';
    await upsert('a', '--metrics-json', json, '--metric', 'c=3');
    expect(rows()[0]!.metrics_json).toBe(
      '{"a": 1.0, "b": 1, "c": "3", "list": [1, 2.5, null], "\\u00e9": {"z": true}}',
    );
  });

  it('says how it is used, and leaves other words to the chat commands', async () => {
    expect((await run(['log', 'upsert', '--help'])).said).toMatch(/^xaxbot log upsert --experiment-id ID/);
    expect((await run(['log', 'sync'])).code).toBe(2);
    expect(experimentLogCommand(['report'])).toBeUndefined();
    expect(experimentLogCommand(['session', 'new', 'x'])).toBeUndefined();
    expect(experimentLogCommand(['logs', '7'])).toBeUndefined();
  });

  it('loses nothing when two programs write at once, as real processes', async () => {
    const env = { PATH: process.env.PATH, HOME: home, XAX_HOME: home };
    const child = async (...args: string[]) => {
      const started = spawn(process.execPath, [PROGRAM, ...args], {
        env,
        cwd: home,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [code] = (await once(started, 'close')) as [number];
      return code;
    };
    const writer = async (name: string) => {
      const codes: number[] = [];
      for (let index = 0; index < 4; index += 1)
        codes.push(await child('log', 'upsert', '--experiment-id', `${name}-${index}`, '--notes', name));
      return codes;
    };
    expect((await Promise.all([writer('a'), writer('b')])).flat()).toEqual(Array(8).fill(0));
    expect(
      rows()
        .map(({ experiment_id }) => experiment_id)
        .sort(),
    ).toEqual([...['a-0', 'a-1', 'a-2', 'a-3'], ...['b-0', 'b-1', 'b-2', 'b-3']]);
    expect(readdirSync(folder())).toEqual(['experiment_log.csv']);
  });

  it('is taken in by a running bot', async () => {
    const bot = await startTestBot({ folder: home, home, yaml: 'session: {name: default}\n' });
    try {
      await upsert('by-script', '--hypothesis', 'from a script', '--status', 'planned');
      await eventually('the row', async () => {
        const { data } = await bot.ask('experiment list search="from a script"');
        return (data as { found: number }).found === 1;
      });
    } finally {
      await bot.app.stop();
    }
  });
});
