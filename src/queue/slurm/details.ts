import { basename, dirname, join } from 'node:path';
import { clip } from '../../core/clip.ts';
import { cleanLine } from '../clean-text.ts';
import { ask, type Run } from './programs.ts';

/** What is asked of a job once, as people may have written anything into it. */
export interface Details {
  /** As it may be shown. */
  name: string;
  /** As it stands there: what Slurm is to compare with. */
  rawName: string;
  /** A folder of its own; where it has none, a name that nothing has. */
  runDir: string;
  logPath: string;
  /** The folder that it was submitted from. */
  workDir: string;
  comment: string | null;
  /** GPUs that it has or asks for. */
  gpus: number;
}

/** So much of a name or a comment is shown, characters. */
const NAME_MAX = 120;

/** Asks for one job. undefined: Slurm did not tell. */
export async function askDetails(
  run: Run,
  env: NodeJS.ProcessEnv,
  jobId: string,
): Promise<Details | undefined> {
  const answer = await ask(run, env, ['scontrol', '-o', 'show', 'job', jobId]);
  return answer.ok ? detailsIn(answer.text, jobId) : undefined;
}

/**
 * What scontrol printed of a job. Its fields stand in a known order, and of several of one name the first is Slurm's own but for
 * what stands behind the name, which may be anything: that ends where the last ` UserId=` before the first ` GroupId=` begins.
 */
export function detailsIn(text: string, jobId: string): Details | undefined {
  const own = text.indexOf('\nJobId=') < 0 ? text : recordOf(text, jobId);
  const start = /(?:^|\n)JobId=(\d+)(?: ArrayJobId=(\d+))?/.exec(own);
  if (!start || (start[1] !== jobId && start[2] !== jobId)) return undefined;
  const named = own.indexOf(' JobName=');
  const priority = own.search(/ GroupId=[^ ]* MCS_label=/);
  const nameEnd = own.lastIndexOf(' UserId=', priority);
  if (named < 0 || nameEnd < named) return undefined;
  const isPart = own.slice(start.index, named).includes(' HetJobId=');
  const behind = own.slice(named + ' JobName='.length, nameEnd);
  const rawName = isPart ? behind.replace(/ HetJobIdSet=\S*$/, '') : behind;
  const rest = own.slice(priority);
  const field = (name: string, until: string) => fieldOf(rest, name, until);
  const workDir = field('WorkDir', '(?: AdminComment=| SystemComment=| Comment=| StdErr=)') ?? '';
  const comment = field('Comment', ' StdErr=')?.trim() ?? null;
  const printed = (
    field('StdOut', '(?: Power=| TresPer| MailUser=| MemPerTres=| NtasksPerTRES:|\\n|$)') ?? ''
  ).trim();
  const logPath = start[2] === undefined ? printed : taskTemplate(printed, own);
  return detailsFrom({ jobId: start[2] ?? jobId, rawName, workDir, logPath, comment, resources: rest });
}

/** Details from what Slurm printed. `resources`: where the number of its GPUs stands. */
export function detailsFrom(told: {
  jobId: string;
  rawName: string;
  workDir: string;
  logPath: string;
  comment: string | null;
  resources: string;
}): Details {
  const { jobId, rawName, workDir, logPath, comment, resources } = told;
  const gpus =
    /gres\/gpu=(\d+)/.exec(resources)?.[1] ?? /gres[:/]gpu(?::[^:=,\s]+)?[:=](\d+)/.exec(resources)?.[1];
  return {
    name: shown(rawName) || `job ${jobId}`,
    rawName,
    runDir: folderOf(jobId, logPath, workDir),
    logPath,
    workDir,
    comment: comment === null ? null : shown(comment),
    gpus: gpus === undefined ? 0 : Number(gpus),
  };
}

/** What stands for the number of a task in the path of a record that is of several (NO_VAL - 1 of slurm.h). */
const NO_TASK = '4294967294';

/** The path of an array's logs, with `%a` for the number of a task, from that of one of its records. */
function taskTemplate(path: string, record: string): string {
  if (path.includes(NO_TASK)) return path.replace(NO_TASK, '%a');
  const task = /^\s*JobId=\d+ ArrayJobId=\d+ ArrayTaskId=(\d+) /.exec(record)?.[1];
  const name = basename(path);
  const at = task === undefined ? -1 : [...name.matchAll(/\d+/g)].findLast(([each]) => each === task)?.index;
  if (task === undefined || at === undefined || at < 0) return path;
  return join(dirname(path), `${name.slice(0, at)}%a${name.slice(at + task.length)}`);
}

/** That of a job in a list of all; the first, as whatever a name holds stands behind its own record's beginning. */
function recordOf(text: string, jobId: string): string {
  const starts = [...text.matchAll(/(?:^|\n)JobId=(\d+)(?: ArrayJobId=(\d+))? /g)];
  const at = starts.findIndex(([, id, array]) => id === jobId || array === jobId);
  if (at < 0) return text;
  return text.slice(starts[at]!.index, starts[at + 1]?.index ?? text.length);
}

function fieldOf(text: string, name: string, until: string): string | undefined {
  const start = text.indexOf(` ${name}=`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const length = text.slice(from).search(new RegExp(until));
  return length < 0 ? text.slice(from) : text.slice(from, from + length);
}

/** The folder of its log, if that is named by the job; no two jobs share it. Else one that nobody made: files there would be others'. */
function folderOf(jobId: string, logPath: string, workDir: string): string {
  const folder = dirname(logPath);
  if (OUR_LOG.test(basename(logPath))) return folder;
  if (basename(folder).split(/\D+/).includes(jobId)) return folder;
  return join(workDir === '' ? '/' : workDir, `slurm-${jobId}`);
}

/** What our own scripts call the log in their run folder, each task of an array its own (launch.ts). */
const OUR_LOG = /^xaxbot(-[\w%]+)?\.log$/;

function shown(text: string): string {
  return clip(cleanLine(text.replace(/\s+/g, ' ')).trim(), NAME_MAX);
}
