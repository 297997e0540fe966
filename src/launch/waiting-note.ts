import type { LaunchedInto } from './join.ts';

const STARTS_WHEN = 'starts when ';

/** The next action of a planned experiment that waits for a job. */
export function waitingNote(jobName: string): string {
  return `${STARTS_WHEN}${jobName} has completed`;
}

/** A plan waits no more: what was said of that is taken back. */
export function waitsNoMore({ rows, editor }: Pick<LaunchedInto, 'rows' | 'editor'>, id: string): void {
  if (rows.get(id)?.next_action.startsWith(STARTS_WHEN)) editor.edit(id, { next_action: '' });
}
