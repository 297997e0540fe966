import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { run } from '../../processes/run.ts';
import type { CheckDeps } from '../kind.ts';
import { askController } from './controller.ts';
import { slurmEnvironment } from './environment.ts';
import { ask } from './programs.ts';

/** The version that this was checked against, live; later ones by what is written of them. */
const KNOWN_VERSION = '22.05';

/** Whether Slurm's programs are there and its controller answers. */
export async function checkSlurm(deps: Pick<CheckDeps, 'env' | 'killGraceMs'>): Promise<Finding[]> {
  const env = slurmEnvironment(deps.env);
  const programs = await Promise.all(
    ['squeue', 'scontrol', 'scancel', 'sbatch'].map((name) => ask(run, env, [name, '--version'])),
  );
  const missing = programs.find((answer) => !answer.ok);
  if (missing && !missing.ok)
    return [
      failure(
        'slurm',
        missing.problem,
        "put Slurm's programs on PATH, and SLURM_CONF where the cluster needs it",
      ),
    ];
  const controller = await askController(run, env);
  if ('ok' in controller)
    return [failure('slurm', controller.problem, 'ask whoever runs the cluster whether slurmctld is up')];
  const { version, minJobAge, hasAccounting, killWait } = controller;
  const found = [
    fine(
      'slurm',
      `${version ?? 'an unknown version'}, remembers what ended for ${minJobAge ?? '?'} s, accounting is ${hasAccounting ? 'on' : 'off'}, kills after ${killWait ?? '?'} s`,
    ),
  ];
  if (version !== null && !version.startsWith(KNOWN_VERSION))
    found.push(warning('slurm version', `${version}; xaxbot was checked against ${KNOWN_VERSION}`));
  if (killWait !== null && killWait * 1000 < deps.killGraceMs)
    found.push(
      warning(
        'slurm kill',
        `kill.grace_seconds is ${deps.killGraceMs / 1000}, and Slurm sends SIGKILL ${killWait} s after SIGTERM all the same`,
        "ask whoever runs the cluster for a longer KillWait, or make the run's last words fit into that time",
      ),
    );
  return found;
}
