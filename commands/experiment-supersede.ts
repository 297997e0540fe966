import { clip } from '../src/core/clip.ts';
import { BotError } from '../src/core/errors.ts';
import { logStatus } from '../src/core/log-status.ts';
import type { Doer } from '../src/core/person.ts';
import type { Services } from '../src/core/services/context.ts';
import type { Meant } from './experiment-meant.ts';
import type { ExperimentData } from './experiment-message.ts';

/** Another takes its place, or none, once the returned function is called. Errors `superseded`, `bad-option`. */
export function supersede(
  { experiments, row }: Meant<'rows' | 'editor' | 'session'>,
  reference: string | undefined,
  doer: Doer,
  { launches }: Pick<Services, 'launches'>,
): () => ExperimentData {
  const { experiment_id: id } = row;
  if (row.status === 'superseded')
    throw new BotError(
      'superseded',
      `${id} is superseded already${row.next_action === '' ? '' : ` (${clip(row.next_action, 100)})`}.`,
      `"experiment restore ${id}" undoes that.`,
    );
  const by = reference === undefined ? undefined : experiments.rows.named(reference).experiment_id;
  if (by === id)
    throw new BotError(
      'bad-option',
      `${id} cannot supersede itself.`,
      'Name another experiment, or none.',
      'by',
    );
  return () => {
    const takenBack = launches.waiting.givenUp(experiments.session.info().name, id, doer);
    const next = experiments.rows.get(id)!.next_action;
    const values = {
      status: 'superseded',
      ...(next === '' && by !== undefined ? { next_action: supersededBy(by) } : {}),
    };
    return {
      action: 'supersede',
      row: experiments.editor.edit(id, values),
      changed: Object.keys(values),
      ...(takenBack ? { takenBack: true as const } : {}),
    };
  };
}

/** Back to what its job says, or to the plan, once the returned function is called. Error `not-superseded`. */
export function restore(
  { experiments, row }: Meant<'rows' | 'editor'>,
  { jobs }: Pick<Services, 'jobs'>,
): () => ExperimentData {
  const { experiment_id: id } = row;
  if (row.status !== 'superseded')
    throw new BotError('not-superseded', `${id} is ${row.status}, not superseded.`, 'Nothing was changed.');
  const key = experiments.rows.jobOf(id);
  const job = key && jobs.get(key);
  const status = job ? logStatus(job.status) : row.objective_value === '' ? 'planned' : 'completed';
  const isOurs = row.next_action.startsWith(supersededBy(''));
  const values = { status, ...(isOurs ? { next_action: '' } : {}) };
  return () => ({
    action: 'restore',
    row: experiments.editor.edit(id, values),
    changed: Object.keys(values),
  });
}

function supersededBy(id: string): string {
  return `superseded by ${id}`;
}
