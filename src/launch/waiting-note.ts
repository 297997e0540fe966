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

/** A plan that waits is given up: as if another took its place, or none. */
export function givenUp({ rows, editor }: Pick<LaunchedInto, 'rows' | 'editor'>, id: string): void {
  waitsNoMore({ rows, editor }, id);
  if (rows.get(id)?.status === 'planned') editor.edit(id, { status: 'superseded' });
}
