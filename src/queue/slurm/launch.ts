import { randomBytes } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../../core/errors.ts';
import type { LaunchRequest, LaunchResult } from '../../core/queue.ts';
import type { Resources } from '../../core/resources.ts';
import type { Clock } from '../../core/time.ts';
import { checkAssignment } from '../assignments.ts';
import { cleanLine } from '../clean-text.ts';
import { ask, type Run } from './programs.ts';
import { jobScript } from './script.ts';

export const LAUNCH_TIMINGS = {
  /** For how long a submission whose answer did not come is looked for: a frozen controller takes it when it thaws. */
  doubtMs: 120_000,
  /** How often. */
  doubtLookMs: 5_000,
  /** How long Slurm has to say why a new job waits. */
  judgedWithinMs: 3_000,
};

export interface LaunchDeps {
  run: Run;
  env: NodeJS.ProcessEnv;
  /** Where run folders go, below a preset's folder or anywhere. */
  runsFolder: string;
  clock: Clock;
  timings: typeof LAUNCH_TIMINGS;
}

/** Kept short, as a wckey is shown in columns. */
const TOKEN_BYTES = 8;
const SAID_LINES = 15;

/** The options of sbatch for what a preset asks for. */
export function resourceOptions(resources: Resources): string[] {
  const options: [string, string | number | undefined][] = [
    ['gpus', resources.gpus],
    ['cpus-per-task', resources.cpus],
    ['mem', resources.memory],
    ['time', resources.time],
    ['partition', resources.partition],
    ['array', resources.array],
    ['account', resources.account],
    ['qos', resources.qos],
  ];
  return options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
}

/** What its jobs are called: the module that is run, or the program. */
function nameOf(argv: readonly string[]): string {
  const module = argv[argv.indexOf('-m') + 1];
  if (argv.includes('-m') && module !== undefined) return module;
  const script = argv.find((word) => /\.(py|sh)$/.test(word));
  return basename(script ?? argv[0] ?? 'job');
}

/**
 * Submits a preset's argument list as a batch job, in a run folder of its own. Slurm is asked first whether it could ever run
 * it. The job carries a token of ours, by which it is found where the answer did not come: it is never submitted twice.
 */
export async function launchJob(
  request: LaunchRequest,
  onLine: (line: string) => void,
  deps: LaunchDeps,
): Promise<LaunchResult> {
  const { argv, cwd, assignments, resources = {} } = request;
  for (const [key, scalar] of Object.entries(assignments)) checkAssignment(key, scalar);
  const failed = (reason: string, lastLines: string[] = []): LaunchResult => ({
    done: false,
    reason,
    lastLines,
  });

  const token = `xaxbot-${randomBytes(TOKEN_BYTES).toString('hex')}`;
  const name = nameOf(argv);
  const day = new Date(deps.clock()).toISOString().slice(0, 10);
  const runDir = resolve(
    cwd,
    deps.runsFolder,
    `${day}-${name.replace(/[^A-Za-z0-9._-]/g, '-')}-${token.slice(7)}`,
  );
  // sbatch has ways to write them as they are, of which squeue and scontrol tell other paths.
  if (/[%\\]/.test(runDir))
    return failed(
      `its run folder would be ${runDir}, and sbatch takes % and \\ in a path for a pattern: name another folder as run_folders of the queue, or as the preset's cwd`,
    );
  const words = [...argv, ...Object.entries(assignments).map(([key, value]) => `${key}=${value}`)];
  const script = jobScript({ argv: words, cwd, runDir });
  const scriptPath = join(runDir, 'job.sh');
  const log = join(runDir, resources.array === undefined ? 'xaxbot.log' : 'xaxbot-%a.log');
  const options = [
    `--job-name=${name}`,
    `--output=${log}`,
    '--open-mode=append',
    `--chdir=${cwd}`,
    ...resourceOptions(resources),
  ];
  // The run folder would be made with it.
  if (!(await stat(cwd).catch(() => null))?.isDirectory()) return failed(`the folder ${cwd} does not exist`);
  try {
    await mkdir(runDir, { recursive: true });
    await writeFile(scriptPath, script, { mode: 0o755 });
    await writeFile(join(runDir, 'config.yaml'), settingsYaml(assignments));
  } catch (error) {
    return failed(`its run folder ${runDir} could not be made: ${errorText(error)}`);
  }

  const said = (text: string) =>
    text
      .split('; ')
      .map((line) => cleanLine(line))
      .slice(-SAID_LINES);
  onLine('Asking Slurm whether it could run this');
  const tested = await ask(deps.run, deps.env, ['sbatch', '--test-only', ...options, scriptPath]);
  if (!tested.ok && tested.isLate)
    return failed(`Slurm did not say whether it could run it, and nothing was submitted: ${tested.problem}`);
  if (!tested.ok) return failed('the launcher failed: Slurm would never run it', said(tested.problem));

  onLine('Submitting it');
  const answer = await ask(deps.run, deps.env, [
    'sbatch',
    '--parsable',
    `--wckey=${token}`,
    ...options,
    scriptPath,
  ]);
  if (!answer.ok && !answer.isLate)
    return failed('the launcher failed: sbatch refused it', said(answer.problem));
  const printed = answer.ok ? /^(\d+)(?:;|\s|$)/.exec(answer.text)?.[1] : undefined;
  const jobId = printed ?? (await findToken(token, deps));
  if (jobId === undefined)
    return failed(
      `whether Slurm took it is not known (${answer.ok ? 'it printed no id' : answer.problem}). Look for a job with the wckey ${token} before it is launched again`,
    );
  onLine(`Queued ${jobId} (${name}) at ${runDir}`);
  return { done: true, job: { jobId, enqueuedAt: null, runDir } };
}

/** The job that carries our token; undefined where none does by then. */
async function findToken(token: string, { run, env, timings }: LaunchDeps): Promise<string | undefined> {
  const end = performance.now() + timings.doubtMs;
  for (;;) {
    const answer = await ask(run, env, ['squeue', '-h', '--me', '-t', 'all', '-O', 'JobArrayID:|,WCKey:|']);
    const rows = answer.ok ? answer.text.split('\n').map((line) => line.split('|')) : [];
    const found = rows.find(([, wckey]) => wckey?.trim() === token)?.[0];
    if (found !== undefined) return /^\d+/.exec(found.trim())?.[0];
    if (performance.now() >= end) return undefined;
    await sleep(Math.min(timings.doubtLookMs, Math.max(0, end - performance.now())));
  }
}

/** What the run was given, for whoever reads its settings: each value is a YAML scalar already. */
function settingsYaml(assignments: Readonly<Record<string, string>>): string {
  const lines = Object.entries(assignments).map(([key, scalar]) => `${key}: ${scalar}\n`);
  return lines.length === 0 ? '{}\n' : lines.join('');
}
