import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { findPlace, type PlaceClues } from '../../src/metrics/find-place.ts';
import { pathsInLines, pathsInSettings, settingsInArguments } from '../../src/metrics/output-paths.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createJobFiles } from '../../src/queue/job-files.ts';
import { cpuMs, temporaryFolder } from '../helpers.ts';
import { ELSEWHERE } from './elsewhere.ts';

const START = Date.parse('2026-11-29T20:00:00Z');

/** A project with the run folder of a job in it, which has nothing. */
function world() {
  const project = temporaryFolder();
  const runDir = join(project, 'toy', 'run_001');
  mkdirSync(runDir, { recursive: true });
  const job = { queue: 'g1', jobId: 'job-0000001', enqueuedAt: 1, runDir } as Job;
  const clues: PlaceClues = {
    since: START,
    until: null,
    ranMs: 60_000,
    workingFolders: [project],
    pattern: null,
    settings: {},
    lines: [],
    isOthers: async () => false,
  };
  /** A file that was last written so many seconds after the job began. */
  function write(path: string, seconds: number, text: string | Buffer = 'step,loss\n1,0.5\n2,0.4\n'): void {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
    utimesSync(join(project, path), START / 1_000 + seconds, START / 1_000 + seconds);
  }
  const find = async (more: Partial<PlaceClues> = {}) => {
    const found = await findPlace(job, { ...clues, ...more }, (folder) => createJobFiles(job, folder));
    if (!found) return null;
    const plain = (folder: string) => (folder === project ? '.' : folder.replace(`${project}/`, ''));
    if ('candidates' in found) return found.candidates.map(plain);
    return `${plain(found.place.folder)}: ${found.place.because}`;
  };
  return { project, runDir, write, find };
}

const events = (points: number) =>
  Buffer.concat([
    encodeFileVersion(START / 1_000),
    ...Array.from({ length: points }, (_, step) =>
      encodeScalarEvent({ step, wallTime: START / 1_000 + step, tag: 'train/loss', value: 1 / (step + 1) }),
    ),
  ]);

describe('the place of a run that is not in its run folder', () => {
  it('is where the pattern of its preset leads to, of many folders the one that is new', async () => {
    const { write, find } = world();
    for (let version = 0; version < 30; version += 1)
      write(`lightning_logs/version_${version}/metrics.csv`, version === 29 ? 60 : -600);
    write('elsewhere/metrics.csv', 60);
    const pattern = { path: 'lightning_logs/version_*', by: 'of its preset' };
    expect(await find({ pattern })).toBe(
      'lightning_logs/version_29: as "runs" of its preset says (lightning_logs/version_*)',
    );
    expect(await find({ pattern: { path: '*/version_2*', by: 'of its queue' } })).toBe(
      'lightning_logs/version_29: as "runs" of its queue says (*/version_2*)',
    );
  });

  it('is said to be one of several where a pattern leads to two runs, and none is taken', async () => {
    const { write, find } = world();
    write('logs/a-1/metrics.csv', 60);
    write('logs/a-2/metrics.csv', 61);
    write('logs/b-3/metrics.csv', 62);
    const pattern = { path: 'logs/a-*', by: 'of its preset' };
    expect(await find({ pattern })).toEqual(['logs/a-1', 'logs/a-2']);
    expect(await find({ pattern: { ...pattern, path: 'logs/*-3' } })).toMatch(/^logs\/b-3: /);
    expect(await find({ pattern: { ...pattern, path: 'logs/*a*1*' } })).toMatch(/^logs\/a-1: /);
    expect(await find({ pattern: { ...pattern, path: 'no/such/*' }, workingFolders: [] })).toBeNull();
  });

  it.each([
    'tensorboard_log',
    'logging_dir',
    'log_dir',
    'logdir',
    'tb_dir',
    'output_dir',
    'out_dir',
    'default_root_dir',
    'save_dir',
    'results_dir',
    'exp_dir',
    'work_dir',
    'project',
    'hydra.run.dir',
    'trainer.default_root_dir',
    'output-dir',
    'LOG_DIR',
  ])('is where its setting %s says, from the working folder or whole', async (name) => {
    const { project, write, find } = world();
    write('out/a/metrics.csv', 60);
    write('beside/metrics.csv', 60);
    const said = `out/a: as its setting ${name} says`;
    expect(await find({ settings: { [name]: 'out/a' } })).toBe(said);
    expect(await find({ settings: { [name]: `${project}/out/a/` }, workingFolders: [] })).toBe(said);
  });

  it('is the folder of its name in the project of Ultralytics, and without that name the new one', async () => {
    const { write, find } = world();
    for (const name of ['first', 'second']) write(`runs/detect/${name}/results.csv`, 60, 'epoch,loss\n1,2\n');
    write('runs/detect/third/results.csv', -60, 'epoch,loss\n1,2\n');
    const settings = { project: 'runs/detect', name: 'second' };
    expect(await find({ settings })).toBe('runs/detect/second: as its setting project says');
    expect(await find({ settings: { project: 'runs/detect', name: 'third' } })).toBe(
      'runs/detect: as its setting project says',
    );
    expect(await find({ settings: { project: 'a-name-at-a-tracker' }, workingFolders: [] })).toBeNull();
  });

  it.each([
    [
      'ultralytics',
      'Logging results to runs/detect/train2',
      'runs/detect/train2',
      'runs/detect/train2/results.csv',
    ],
    [
      'ultralytics',
      'Results saved to PROJECT/runs/detect/train2',
      'runs/detect/train2',
      'runs/detect/train2/results.csv',
    ],
    ['transformers', 'Saving model checkpoint to ./out/checkpoint-20', 'out', 'out/progress.csv'],
    [
      'Lightning',
      'Missing logger folder: PROJECT/lightning_logs',
      'lightning_logs/version_0',
      'lightning_logs/version_0/metrics.csv',
    ],
    ['stable-baselines3', 'Logging to ./tb/PPO_1', 'tb/PPO_1', 'tb/PPO_1/progress.csv'],
    ['a script', "metrics are written to 'PROJECT/out/history.csv'.", 'out', 'out/history.csv'],
  ])('is what a line of %s tells: %s', async (_stack, line, place, file) => {
    const { project, write, find } = world();
    write(file, 60, 'epoch,loss\n1,2\n');
    write('beside/metrics.csv', 60);
    const lines = ['epoch 1/3', line.replace('PROJECT', project), 'loss 0.3 see https://example.org/logs/x'];
    expect(await find({ lines })).toBe(`${place}: as a line says that it printed`);
  });

  it('is its working folder or a folder in it, where only one has metrics that were written while it ran', async () => {
    const { write, find } = world();
    const because = 'the only place in its working folder with metrics that were written while it ran';
    expect(await find()).toBeNull();
    write('old/metrics.csv', -3_600);
    write('train.log', 30, 'Epoch 1 of 3\nloss went down\n');
    write('notes.txt', 30, 'nothing here\n');
    write('package.json', 30, '{"name": "x"}');
    write('data/people.csv', 30, 'name,city\nada,london\n');
    expect(await find()).toBeNull();
    write('toy/run_001/nothing.txt', 30, '');
    write('out/fold_0/metrics.csv', 30);
    write('out/fold_1/metrics.csv', 31);
    expect(await find()).toBe(`out: ${because}`);
    write('more/events.out.tfevents.1.host', 40, events(3));
    expect(await find()).toEqual(['more', 'out']);
    write('history.csv', 40);
    expect(await find()).toBe(`.: ${because}`);
  });

  it('is not guessed from its working folder while a place that it names has nothing yet, but for some minutes', async () => {
    const { write, find } = world();
    write('other/metrics.csv', 30);
    const settings = { output_dir: 'out' };
    expect(await find({ settings })).toBeNull();
    expect(await find({ pattern: { path: 'out/*', by: 'of its preset' } })).toBeNull();
    expect(await find({ settings, ranMs: 600_000 })).toMatch(/^other: the only place/);
    expect(await find({ settings, until: START + 50_000 })).toMatch(/^other: the only place/);
    write('out/metrics.csv', 31);
    expect(await find({ settings })).toMatch(/^out: as its setting/);
  });

  it('is not where the job before it wrote its last right before it began', async () => {
    const { write, find } = world();
    write('out/a/metrics.csv', -0.5);
    expect(await find()).toBeNull();
    expect(await find({ settings: { output_dir: 'out' } })).toBeNull();
    write('out/b/metrics.csv', 0.5);
    expect(await find({ settings: { output_dir: 'out' } })).toMatch(/^out\/b: /);
  });

  it('is told by an event file in which there is nothing yet', async () => {
    const { write, find } = world();
    write('runs/Nov29_20-00-00_host/events.out.tfevents.1.host', 5, events(0));
    expect(await find()).toMatch(/^runs\/Nov29_20-00-00_host: /);
  });

  it('is none of what was written before it began or after it had ended, nor of what is of another job', async () => {
    const { project, runDir, write, find } = world();
    write('before/metrics.csv', -10);
    write('after/metrics.csv', 130);
    write('during/metrics.csv', 100);
    write('toy/run_001/code/out/metrics.csv', 100);
    write('toy/run_002/out/metrics.csv', 100);
    const isOthers = async (folder: string) => folder.startsWith(join(project, 'toy/run_002'));
    const lifetime = { until: START + 120_000, isOthers };
    expect(await find(lifetime)).toMatch(/^during: /);
    expect(await find({ ...lifetime, settings: { output_dir: join(project, 'toy/run_002') } })).toMatch(
      /^during: /,
    );
    expect(await find({ ...lifetime, lines: [`saved to ${runDir}`] })).toMatch(/^during: /);
    expect(await find({ isOthers })).toEqual(['after', 'during']);
  });

  it('is the free one of two in a folder that it named together with another job', async () => {
    const { project, write, find } = world();
    write('out/one/metrics.csv', 60);
    write('out/two/metrics.csv', 60);
    const isOthers = async (folder: string) => folder === join(project, 'out/one');
    const settings = { output_dir: 'out' };
    expect(await find({ settings, isOthers })).toBe('out/two: as its setting output_dir says');
    expect(await find({ settings })).toBe('out: as its setting output_dir says');
  });

  it('is not in a folder of somebody else, nor behind a link to one', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can give a folder away');
    const { project, runDir, write, find } = world();
    const theirs = temporaryFolder();
    writeFileSync(join(theirs, 'metrics.csv'), 'step,loss\n1,0.5\n');
    chmodSync(theirs, 0o755);
    const settings = { output_dir: theirs, log_dir: join(project, 'link') };
    symlinkSync(theirs, join(project, 'link'));
    chownSync(runDir, 1234, 1234);
    chownSync(theirs, 4321, 4321);
    expect(await find({ settings, workingFolders: [] })).toBeNull();
    for (const path of [theirs, join(theirs, 'metrics.csv')]) chownSync(path, 1234, 1234);
    expect(await find({ settings, workingFolders: [] })).toMatch(/as its setting (log|output)_dir says$/);
    // What is the bot's own the job could not read.
    write('mine/metrics.csv', 60);
    expect(await find({ settings: { output_dir: 'mine' } })).toBeNull();
    for (const path of ['mine', 'mine/metrics.csv']) chownSync(join(project, path), 1234, 1234);
    expect(await find({ settings: { output_dir: 'mine' } })).toMatch(/^mine: /);
  });

  it('is found in every recorded folder of another stack, where its output path is named', async () => {
    const { project, find } = world();
    for (const folder of ['transformers', 'lightning', 'keras', 'stable-baselines3', 'ultralytics', 'mlflow'])
      cpSync(join(ELSEWHERE, folder), join(project, 'out', folder), { recursive: true });
    for (const folder of ['transformers', 'lightning', 'keras', 'stable-baselines3', 'ultralytics', 'mlflow'])
      expect(await find({ settings: { output_dir: `out/${folder}` } })).toMatch(
        new RegExp(`^out/${folder}.*: as its setting output_dir says$`),
      );
  });
});

it('arguments are settings in the ways in which programs take them', () => {
  const argv = [
    'python',
    '-m',
    'train',
    '--output_dir',
    'out',
    '--lr=1e-3',
    'trainer.max_steps=5',
    '--fast',
    '--n',
    '-1',
  ];
  expect(settingsInArguments(argv)).toEqual({
    output_dir: 'out',
    lr: '1e-3',
    'trainer.max_steps': '5',
  });
});

it('a line of nothing but points costs what its letters cost', () => {
  const before = cpuMs();
  expect(pathsInLines(Array.from({ length: 800 }, () => `saved ${'.'.repeat(990)}x`))).toEqual([]);
  expect(pathsInLines(['saved to out/run.csv...'])).toEqual(['out/run.csv']);
  expect(cpuMs() - before).toBeLessThan(500);
});

it('docs/runs.md names settings that are looked at', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/runs.md'), 'utf8');
  const named = docs.split('argument that names a folder:')[1]!.split('and the like')[0]!;
  const settings = [...named.matchAll(/`([\w.]+)`/g)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'name');
  expect(settings.length).toBeGreaterThan(8);
  for (const name of settings)
    expect(pathsInSettings({ [name]: 'out/a' })).toEqual([{ path: 'out/a', by: name }]);
});
