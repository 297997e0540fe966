import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { clip } from '../../core/clip.ts';
import { cleanLine } from '../clean-text.ts';
import { logTemplate } from './logs.ts';
import { ownText } from './own-text.ts';
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
  /** The workload key that it was submitted with, which is our token where we submitted it; null: none. */
  wckey: string | null;
}

/** So much of a name or a comment is shown, characters. */
const NAME_MAX = 120;

const COLUMNS = [
  'JobArrayID',
  'JobID',
  'UserName',
  'Name',
  'WorkDir',
  'STDOUT',
  'Comment',
  'tres-alloc',
  'tres-per-job',
  'tres-per-node',
  'WCKey',
] as const;
type Cells = Record<(typeof COLUMNS)[number], string>;

/**
 * The details of jobs in one call, by id: of some users (`-u`), or by their ids (`-j`). Names and comments may hold anything, and
 * what stands between two columns is drawn anew for each call, so that no text of theirs can be taken for it. undefined: squeue
 * did not tell.
 */
export async function askDetails(
  run: Run,
  env: NodeJS.ProcessEnv,
  which: readonly ['-u' | '-j', string],
): Promise<Map<string, Details> | undefined> {
  const mark = `|x${randomBytes(12).toString('hex')}|`;
  const columns = COLUMNS.map((name) => `${name}:${mark}`).join(',');
  const answer = await ask(run, env, ['squeue', '-h', '-t', 'all', ...which, '-O', columns]);
  return answer.ok ? detailsIn(answer.text, mark) : undefined;
}

/** The same of what squeue printed. */
export function detailsIn(text: string, mark: string): Map<string, Details> {
  const found = new Map<string, Details>();
  /** Most were submitted from few folders. */
  const folders = new Map<string, string>();
  const folder = (path: string): string => {
    const known = folders.get(path) ?? ownText(path);
    folders.set(known, known);
    return known;
  };
  const cells = text.split(mark);
  for (let at = 0; at + COLUMNS.length < cells.length; at += COLUMNS.length) {
    const id = /^\s*(\d+)(?:_(\[|\d+)|\+(\d+))?/.exec(cells[at]!);
    if (!id) continue;
    const [, jobId = '', task, part] = id;
    // Of an array any record will do, of a job of several parts the first: that is by which scancel knows it.
    if (found.has(jobId) && Number(part ?? 1) !== 0) continue;
    const row = Object.fromEntries(COLUMNS.map((name, index) => [name, cells[at + index]])) as Cells;
    found.set(jobId, detailsFrom(row, { jobId, task, workDir: folder(row.WorkDir) }));
  }
  return found;
}

function detailsFrom(
  row: Cells,
  { jobId, task, workDir }: { jobId: string; task: string | undefined; workDir: string },
): Details {
  const { Name: name, STDOUT: printed, UserName: user, Comment: comment, WCKey: wckey } = row;
  const logPath = ownText(
    logTemplate({ jobId, task, rawId: row.JobID.trim(), name, user, workDir, printed }),
  );
  const isNone = (text: string) => text === '' || text === '(null)';
  return {
    name: ownText(shown(name)) || `job ${jobId}`,
    rawName: ownText(name),
    runDir: folderOf(jobId, logPath, workDir),
    logPath,
    workDir,
    comment: isNone(comment) ? null : ownText(shown(comment)),
    gpus: gpusIn(`${row['tres-alloc']} ${row['tres-per-job']} ${row['tres-per-node']}`),
    wckey: isNone(wckey) ? null : ownText(wckey),
  };
}

function gpusIn(resources: string): number {
  const counted =
    /gres\/gpu=(\d+)/.exec(resources)?.[1] ?? /gres[:/]gpu(?::[^:=,\s]+)?[:=](\d+)/.exec(resources)?.[1];
  return counted === undefined ? 0 : Number(counted);
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
