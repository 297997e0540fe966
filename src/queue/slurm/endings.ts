import type { RunFiles } from '../../core/queue.ts';
import { SHELL_BASE } from '../../core/signals.ts';
import { readExitRecord } from './exit-record.ts';
import type { Life, Part } from './life.ts';
import type { Absent } from './lives.ts';
import { ask, type Run } from './programs.ts';
import { endOf, schedulerWord, stageOf } from './words.ts';

/** How a part ended, as something else than the controller tells. */
export type Ended = Pick<Part, 'stage' | 'word' | 'end' | 'startedAt' | 'endedAt'>;

const ACCOUNTED = ['JobID', 'State', 'ExitCode', 'Submit', 'Start', 'End'];

/**
 * How parts ended that the controller no longer knows: as accounting has it, where that is on, else as the job's own wrapper wrote
 * it down. null: nobody knows. An end is never made up.
 */
export async function findEndings(
  absent: readonly Absent[],
  deps: { run: Run; env: NodeJS.ProcessEnv; hasAccounting: boolean; filesOf(life: Life): RunFiles | null },
): Promise<(Ended | null)[]> {
  const accounts = new Map<string, Map<string, Ended>>();
  if (deps.hasAccounting)
    for (const { life } of absent)
      if (!accounts.has(life.jobId)) accounts.set(life.jobId, await accounted(life, deps));
  return Promise.all(
    absent.map(
      async ({ life, part }) =>
        accounts.get(life.jobId)?.get(part) ?? (await recorded(life, part, deps.filesOf)),
    ),
  );
}

/** By part, what accounting (sacct(1)) has of this life. */
async function accounted(
  life: Life,
  { run, env }: { run: Run; env: NodeJS.ProcessEnv },
): Promise<Map<string, Ended>> {
  const answer = await ask(run, env, [
    'sacct',
    '-n',
    '-P',
    '-X',
    '-D',
    '-j',
    life.jobId,
    '-o',
    ACCOUNTED.join(','),
  ]);
  return answer.ok ? accountedIn(answer.text, life) : new Map();
}

export function accountedIn(
  text: string,
  { jobId, submittedAt, isArray }: Pick<Life, 'jobId' | 'submittedAt' | 'isArray'>,
): Map<string, Ended> {
  const found = new Map<string, Ended>();
  for (const line of text.split('\n')) {
    const [id = '', words = '', exit = '', submit, start = '', end = ''] = line.split('|');
    const match = /^(\d+)(?:_(\d+)|(\+\d+))?$/.exec(id);
    if (match?.[1] !== jobId) continue;
    // Another life of the id, but of an array, whose tasks may have been put back one by one.
    if (!isArray && submit !== `${submittedAt}`) continue;
    const [state = ''] = words.split(' ', 1);
    const stage = stageOf(state);
    const [code, signal] = exit.split(':').map(Number);
    if (!stage || stage === 'queued' || stage === 'running' || !/^\d+$/.test(end)) continue;
    const startedAt = /^\d+$/.test(start) ? Number(start) : null;
    const row = { state, reason: '', exit: { code: code || 0, signal: signal || 0 } };
    found.set(match[2] ?? match[3] ?? '', {
      stage,
      word: schedulerWord(row),
      end: endOf(row, startedAt !== null),
      startedAt,
      endedAt: Number(end),
    });
  }
  return found;
}

async function recorded(
  life: Life,
  part: string,
  filesOf: (life: Life) => RunFiles | null,
): Promise<Ended | null> {
  const files = filesOf(life);
  const known = life.parts.get(part);
  if (!files || !known) return null;
  const record = await readExitRecord(files, { jobId: life.jobId, task: part, restarts: known.restarts });
  if (!record) return null;
  const { code, startedAt, endedAt } = record;
  // A shell tells of a signal as 128 and its number.
  const exit =
    code > SHELL_BASE && code < SHELL_BASE + 32
      ? { code: 0, signal: code - SHELL_BASE }
      : { code, signal: 0 };
  const row = { state: code === 0 ? 'COMPLETED' : 'FAILED', reason: '', exit };
  return {
    stage: code === 0 ? 'completed' : 'failed',
    word: { state: row.state, reason: "by the job's own record" },
    end: endOf(row, true),
    startedAt,
    endedAt,
  };
}
