import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkSlurm } from '../../../src/queue/slurm/doctor.ts';
import { createSlurmQueue } from '../../../src/queue/slurm/index.ts';
import { load, problem } from '../../config/load.ts';
import { temporaryFolder } from '../../helpers.ts';
import { writeProgram } from '../../programs.ts';
import { quietLog } from '../../recorded.ts';

/** A PATH on which there is what a queue needs besides Slurm, and these programs. */
function pathWith(programs: Record<string, string>): string {
  const bin = join(temporaryFolder(), 'bin');
  mkdirSync(bin);
  for (const name of ['id', 'sh', 'sleep', 'cat']) symlinkSync(`/bin/${name}`, join(bin, name));
  for (const [name, script] of Object.entries(programs)) writeProgram(bin, name, script);
  return bin;
}

async function opened(programs: Record<string, string>) {
  const queue = createSlurmQueue({
    ...{ name: 'q', users: undefined, runs: 'slurm-runs', env: { PATH: pathWith(programs) }, log: quietLog },
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

it('doctor names what is missing, an untried version, and a grace period that Slurm does not keep', async () => {
  const check = (PATH: string, killGraceMs = 10_000) => checkSlurm({ env: { PATH }, killGraceMs });
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
