import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run as runHere } from '../../../src/processes/run.ts';
import { checkSlurm } from '../../../src/queue/slurm/doctor.ts';
import { createSlurmQueue } from '../../../src/queue/slurm/index.ts';
import { ask } from '../../../src/queue/slurm/programs.ts';
import { load, problem } from '../../config/load.ts';
import { temporaryFolder } from '../../helpers.ts';
import { writeProgram } from '../../programs.ts';
import { quietLog } from '../../recorded.ts';

/** A PATH on which there is what a queue needs besides Slurm, and these programs. */
function pathWith(programs: Record<string, string>): string {
  const bin = join(temporaryFolder(), 'bin');
  mkdirSync(bin);
  for (const name of ['id', 'sh', 'sleep', 'cat', 'date']) symlinkSync(`/bin/${name}`, join(bin, name));
  for (const [name, script] of Object.entries(programs)) writeProgram(bin, name, script);
  return bin;
}

const opened = (programs: Record<string, string>) => openedOn(pathWith(programs));

async function openedOn(PATH: string) {
  const queue = createSlurmQueue({
    ...{ name: 'q', users: undefined, runs: 'slurm-runs', env: { PATH }, log: quietLog },
    clock: Date.now,
    timings: { busyMs: 60_000, idleMs: 60_000 },
  });
  await queue.start(() => {});
  return queue;
}
const ROW = '7|7|7|N/A|RUNNING|0|1795983120|1795983121|NONE|0|USER|main|node1|None|';

it('Slurm that is not there is told in health, and a queue of nothing else is refused what is asked', async () => {
  const queue = await opened({});
  expect(queue.health()).toMatchObject({
    ok: false,
    problem: "squeue is not there: Slurm's programs must be on PATH",
  });
  expect(queue.snapshot()).toBeUndefined();
  const result = await queue.cancel({ queue: 'q', jobId: '7', enqueuedAt: 1 });
  expect(result).toEqual({ done: false, reason: expect.stringMatching(/left alone: squeue is not there/) });
  await queue.stop();
});

it.each([
  ['words that are no list of jobs', 'echo "Welcome to the cluster!"', /no list of jobs: Welcome/],
  [
    'what Slurm says of an outage',
    'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1',
    /Unable to contact/,
  ],
  ['nothing, ended by a signal', 'kill -9 $$', /squeue failed \(SIGKILL\)/],
])('%s is no queue without jobs', async (_, script, words) => {
  const switched = join(temporaryFolder(), 'broken');
  const queue = await opened({
    squeue: `if [ -e ${switched} ]; then ${script}; else me=$(id -un); echo '${ROW}' | while read -r line; do echo "\${line%USER*}$me\${line#*USER}"; done; fi`,
    scontrol: 'exit 1',
  });
  expect(queue.snapshot()!.running).toEqual(['7']);
  mkdirSync(switched);
  await queue.refresh();
  expect(queue.health()).toMatchObject({ ok: false, problem: expect.stringMatching(words) });
  expect(queue.snapshot()!.running).toEqual(['7']);
  await queue.stop();
});

it('a squeue that goes missing, as in an upgrade, ends no job, and what comes back is read on', async () => {
  const away = join(temporaryFolder(), 'away');
  const bin = pathWith({
    squeue: `me=$(id -un); row='${ROW}'; echo "\${row%USER*}$me\${row#*USER}"`,
    scontrol: 'exit 1',
  });
  const queue = await openedOn(bin);
  renameSync(join(bin, 'squeue'), away);
  for (let look = 0; look < 5; look += 1) await queue.refresh();
  expect(queue.health()).toMatchObject({ ok: false, problem: expect.stringMatching(/squeue is not there/) });
  expect(queue.snapshot()!.jobs.get('7')).toMatchObject({ status: 'running' });
  renameSync(away, join(bin, 'squeue'));
  await queue.refresh();
  expect(queue.health()).toMatchObject({ ok: true });
  expect(queue.snapshot()!.running).toEqual(['7']);
  await queue.stop();
});

describe('an end that fell out of memory', () => {
  const CONFIG = 'NEXT_JOB_ID = 8\\nAccountingStorageType = accounting_storage/slurmdbd\\n';
  const ENDED = '7|FAILED|3:0|1795983120|1795983121|1795983130';
  async function forgotten(config: string, sacct: string) {
    const folder = temporaryFolder();
    const [gone, isOn] = [join(folder, 'gone'), join(folder, 'on')];
    const queue = await openedOn(
      pathWith({
        squeue: `[ -e ${gone} ] && exit 0; me=$(id -un); row='${ROW}'; echo "\${row%USER*}$me\${row#*USER}"`,
        scontrol: `[ "$2" = config ] && printf '${config}' && exit 0; exit 1`,
        sacct: `[ -e ${isOn} ] || { ${sacct}; }; echo '${ENDED}'`,
      }),
    );
    mkdirSync(gone);
    const looks = async (count: number) => {
      for (let look = 0; look < count; look += 1) await queue.refresh();
      return queue.snapshot()!.jobs.get('7');
    };
    return { queue, looks, turnOn: () => mkdirSync(isOn) };
  }

  it.each([
    ['is away', 'echo "sacct: error: slurm_persist_conn_open" >&2; exit 1'],
    ['is behind', 'echo "7|RUNNING|0:0|1795983120|1795983121|Unknown"; exit 0'],
  ])('waits for an accounting database that %s', async (_, sacct) => {
    const { queue, looks, turnOn } = await forgotten(CONFIG, sacct);
    expect(await looks(3)).toMatchObject({ status: 'running' });
    turnOn();
    expect(await looks(1)).toMatchObject({ status: 'failed', returnCode: 3, endedAt: 1_795_983_130 });
    await queue.stop();
  });

  it('is told as unknown where the database stays away, and at once where there is none', async () => {
    const on = await forgotten(CONFIG, 'exit 1');
    expect(await on.looks(6)).toMatchObject({ status: 'ended', seen: { by: 'gone' } });
    const off = await forgotten('NEXT_JOB_ID = 8\\nAccountingStorageType = (null)\\n', 'exit 1');
    expect(await off.looks(2)).toMatchObject({ status: 'ended', seen: { by: 'gone' } });
    await on.queue.stop();
    await off.queue.stop();
  });
});

it.each([
  ['Zero Bytes were transmitted or received', true],
  ['Socket timed out on send/recv operation', true],
  ['Message receive failure', true],
  ['Unexpected message received', true],
  ['Unable to contact slurm controller (connect failure)', true],
  ['Invalid partition name specified', false],
  ['Access/permission denied', false],
])('what sbatch says as %j may have been taken all the same: %j', async (said, isLate) => {
  const PATH = pathWith({ sbatch: `echo "sbatch: error: ${said}" >&2; exit 1` });
  expect(await ask(runHere, { PATH }, ['sbatch'])).toMatchObject({ ok: false, isLate });
});

it('doctor names what is missing, an untried version, and settings of Slurm that some of it is lost by', async () => {
  const check = (PATH: string, killGraceMs = 10_000, timeoutMs = 8_000) =>
    checkSlurm(undefined, { env: { PATH }, killGraceMs, timeoutMs });
  expect(await check(pathWith({}))).toMatchObject([
    { name: 'slurm', state: 'failure', detail: expect.stringContaining('squeue is not there') },
  ]);
  const all = (config: string) => {
    const version = '[ "$1" = --version ] && echo "slurm 25.05.0" && exit 0\n';
    return pathWith({
      ...{ squeue: version, scancel: version, sbatch: version },
      scontrol: `${version}${config}`,
    });
  };
  const PATH = all(
    'printf "SLURM_VERSION = 25.05.0\\nMinJobAge = 300 sec\\nAccountingStorageType = (null)\\n"',
  );
  expect(await check(PATH)).toMatchObject([
    { state: 'ok', detail: '25.05.0, remembers what ended for 300 s, accounting is off, kills after ? s' },
    { state: 'warning', detail: expect.stringContaining('25.05.0') },
  ]);
  const known = all('printf "SLURM_VERSION = 22.05.8\\nMinJobAge = 300 sec\\nKillWait = 30 sec\\n"');
  expect(await check(known, 30_000)).toMatchObject([
    { state: 'ok', detail: expect.stringMatching(/kills after 30 s/) },
  ]);
  expect(await check(known, 60_000)).toMatchObject([
    { state: 'ok' },
    {
      name: 'slurm kill',
      state: 'warning',
      detail: expect.stringMatching(/is 60, and Slurm sends SIGKILL 30 s/),
    },
  ]);
  expect(await check(all('echo "slurm_load_ctl_conf error: no" >&2; exit 1'))).toMatchObject([
    { state: 'failure', detail: expect.stringContaining('slurm_load_ctl_conf error') },
  ]);
  expect(
    await check(all('echo "error: getaddrinfo(ctl) failed" >&2; sleep 60'), 10_000, 1_500),
  ).toMatchObject([
    {
      state: 'failure',
      detail: 'scontrol has not answered within 0.5 s; it says: error: getaddrinfo(ctl) failed',
      mend: expect.stringContaining('SLURM_CONF'),
    },
  ]);
});

it('what a preset may ask for is checked with its line, and passed on as it was written', () => {
  const yaml = (slurm: string) =>
    `presets:\n  toy:\n    cwd: .\n    argv: [python, -m, toy]\n    slurm: ${slurm}\n`;
  const [preset] = load(
    yaml('{gpus: a100:2, cpus: 4, memory: 32G, time: 2:30:00, array: 0-9%2, account: lab}'),
  ).presets;
  expect(preset?.slurm).toEqual({
    gpus: 'a100:2',
    cpus: 4,
    memory: '32G',
    time: '2:30:00',
    array: '0-9%2',
    account: 'lab',
  });
  expect(load(yaml('{gpus: 2, memory: 4096, time: 90}')).presets[0]?.slurm).toEqual({
    gpus: '2',
    memory: '4096',
    time: '90',
  });
  for (const [wrong, words] of [
    ['{gpu: 1}', /did you mean gpus/],
    ['{time: soon}', /line 5.*slurm\.time.*minutes, H:MM:SS/],
    ['{memory: 32 GB}', /slurm\.memory/],
    ['{array: "0-9; rm -rf /"}', /slurm\.array/],
    ['{partition: "--help"}', /slurm\.partition/],
    ['{cpus: 0}', /slurm\.cpus/],
  ] as const)
    expect(problem(yaml(wrong)), wrong).toMatch(words);
  expect(problem('queues: [{name: c, kind: slurm, users: ["-x"]}]\n')).toMatch(/users\.0.*user name/);
});
