import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { run } from '../../processes/run.ts';
import type { CheckDeps } from '../kind.ts';
import { askController } from './controller.ts';
import { slurmEnvironment } from './environment.ts';
import { ask } from './programs.ts';
import { findUsers, marksOf, unknownUsers } from './users.ts';
import { SLURM_TIMINGS } from './watch.ts';

/** The version that this was checked against, live; later ones by what is written of them. */
const KNOWN_VERSION = '22.05';

/** Within so much less, a job may end and be forgotten between two polls. */
const REMEMBERED_SECONDS = (SLURM_TIMINGS.leastMs * 3) / 1_000;
/** What is left of the time of the whole check for programs that tell their versions. */
const PROGRAMS_MS = 1_000;
/** Clocks are further apart than this, in seconds: Slurm tells whole ones. */
const SKEW_SECONDS = 2;

/** Whether Slurm's programs are there, its controller answers, and the users are known whose jobs are followed. */
export async function checkSlurm(
  users: readonly string[] | undefined,
  deps: Pick<CheckDeps, 'env' | 'killGraceMs' | 'timeoutMs' | 'onMarks'>,
): Promise<Finding[]> {
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
  const asked = Date.now() / 1000;
  const [controller, known] = await Promise.all([
    askController(run, env, { timeoutMs: deps.timeoutMs - PROGRAMS_MS }),
    findUsers(run, env, users),
  ]);
  deps.onMarks?.(marksOf(known, env));
  const unknown = unknownUsers(known);
  const answered = Date.now() / 1000;
  if ('ok' in controller)
    return [
      failure(
        'slurm',
        controller.problem,
        'ask whoever runs the cluster whether slurmctld is up, and whether SLURM_CONF names the right cluster',
      ),
    ];
  const { version, minJobAge, hasAccounting, killWait, now } = controller;
  const found = [
    fine(
      'slurm',
      `${version ?? 'an unknown version'}, remembers what ended for ${minJobAge ?? '?'} s, accounting is ${hasAccounting ? 'on' : 'off'}, kills after ${killWait ?? '?'} s`,
    ),
  ];
  if (unknown) found.push(failure('slurm users', unknown.problem, unknown.mend));
  if (version !== null && !version.startsWith(KNOWN_VERSION))
    found.push(warning('slurm version', `${version}; xaxbot was checked against ${KNOWN_VERSION}`));
  if (minJobAge !== null && minJobAge < REMEMBERED_SECONDS)
    found.push(
      warning(
        'slurm memory',
        `a job is forgotten ${minJobAge} s after its end: of what no preset launched, xaxbot may not see how it ended`,
        'ask whoever runs the cluster for a longer MinJobAge, or for accounting',
      ),
    );
  if (now !== null && (now < asked - SKEW_SECONDS || now > answered + SKEW_SECONDS))
    found.push(
      warning(
        'slurm clock',
        `the controller's is ${Math.round(Math.abs(now - asked))} s ${now > asked ? 'ahead of' : 'behind'} ours: ages are off by as much, and who killed a job may not be told`,
        'set both by NTP',
      ),
    );
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
