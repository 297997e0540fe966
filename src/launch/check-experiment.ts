import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { type ExperimentRow, expectedOf } from '../core/experiment.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { LaunchRequest } from '../core/services/launches.ts';

/** The experiment of a launch: a planned one, or a new one. */
export interface Target {
  planned: ExperimentRow | undefined;
  /** The parent's id, where one was given. */
  parent: string | undefined;
}

/**
 * Everything about the experiment of a launch that can be refused before anything is started. Errors `bad-option`,
 * `unknown-experiment`, `not-planned`, `plan-says`, `unknown-parent`, `parent-loop`, `experiment-name`,
 * `experiment-exists`.
 */
export function checkExperiment(
  request: LaunchRequest,
  experiments: Pick<ExperimentsService, 'rows' | 'editor'>,
): Target {
  const { experimentId, name, parent } = request;
  if (experimentId !== undefined && name !== undefined)
    throw new BotError(
      'bad-option',
      `${clip(experimentId, 60)} already has a name; name=… is for a new experiment.`,
      'Leave one of them out. Nothing was launched.',
      'name',
    );
  if (name !== undefined) experiments.editor.checkName(name);
  const planned = experimentId === undefined ? undefined : experiments.rows.named(experimentId);
  if (planned) {
    mustBePlanned(planned);
    mustKeep('hypothesis', planned.hypothesis, request.hypothesis, request);
    mustKeep('expected', expectedOf(planned), request.expected, request);
  }
  return {
    planned,
    parent:
      parent === undefined
        ? undefined
        : experiments.editor.checkedParent(planned?.experiment_id ?? name ?? null, parent),
  };
}

function mustBePlanned({ experiment_id, status, queue_job_id }: ExperimentRow): void {
  if (status === 'planned') return;
  const again =
    queue_job_id === '' ? 'Plan another with "plan".' : `Queue it again with "retry ${queue_job_id}".`;
  const advice =
    status === 'superseded'
      ? `"experiment restore ${experiment_id}" undoes that.`
      : status === 'queued' || status === 'running'
        ? `It is already ${queue_job_id || 'in the queue'}.`
        : again;
  throw new BotError(
    'not-planned',
    `${experiment_id} is ${status}, not planned.`,
    `${advice} Nothing was launched.`,
    'experiment',
  );
}

/** A person's plan is not overwritten unless requested. */
function mustKeep(
  what: 'hypothesis' | 'expected',
  before: string,
  now: string | undefined,
  { replace = false }: LaunchRequest,
): void {
  if (now === undefined || before === '' || before === now || replace) return;
  throw new BotError(
    'plan-says',
    `It was planned with ${what} "${clip(before, 200)}".`,
    'Add replace=true to replace it; the old one is kept in the notes. Nothing was launched.',
    what,
  );
}
