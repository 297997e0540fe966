import { randomBytes } from 'node:crypto';
import { type Details, detailsFrom } from './details.ts';
import { ownText } from './own-text.ts';
import { ask, type Run } from './programs.ts';

const COLUMNS = ['JobArrayID', 'Name', 'WorkDir', 'STDOUT', 'Comment', 'tres-alloc', 'tres-per-job'];

/**
 * The details of all jobs of some users in one call, by id. Names and comments may hold anything: what stands between two columns
 * is drawn anew for each call, so that no text of theirs can be taken for it. undefined: squeue did not tell.
 */
export async function askManyDetails(
  run: Run,
  env: NodeJS.ProcessEnv,
  users: readonly string[],
): Promise<Map<string, Details> | undefined> {
  const mark = `|x${randomBytes(12).toString('hex')}|`;
  const columns = COLUMNS.map((name) => `${name}:${mark}`).join(',');
  const answer = await ask(run, env, ['squeue', '-h', '-t', 'all', '-u', users.join(','), '-O', columns]);
  return answer.ok ? manyDetailsIn(answer.text, mark) : undefined;
}

export function manyDetailsIn(text: string, mark: string): Map<string, Details> {
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
    const [id = '', rawName = '', workDir = '', stdout = '', comment = '', given = '', asked = ''] =
      cells.slice(at, at + COLUMNS.length);
    const jobId = /^\s*(\d+)/.exec(id)?.[1];
    if (jobId === undefined || found.has(jobId)) continue;
    const path = stdout.replace(/%[jA]/g, jobId);
    // What else may stand for something there only scontrol tells.
    const logPath = /%(?!a)/.test(path) ? '' : path;
    const isComment = comment !== '(null)' && comment !== '';
    found.set(
      jobId,
      detailsFrom({
        ...{ jobId, rawName: ownText(rawName), workDir: folder(workDir), logPath: ownText(logPath) },
        comment: isComment ? ownText(comment) : null,
        resources: `${given} ${asked}`,
      }),
    );
  }
  return found;
}
