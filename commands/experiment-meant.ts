import { type ExperimentRow, parseExperimentKey } from '../src/core/experiment.ts';
import type { Services } from '../src/core/services/context.ts';
import type { ExperimentsService } from '../src/core/services/experiments.ts';

/** An experiment, and the session it is of. */
export interface Meant {
  experiments: ExperimentsService;
  row: ExperimentRow;
}

/**
 * The experiment somebody means, as `session/id` in whatever session is in use: a button does what stood above it. Errors
 * as `named`.
 */
export function experimentMeant(
  reference: string,
  { experiments, sessions }: Pick<Services, 'experiments' | 'sessions'>,
): Meant {
  const key = parseExperimentKey(reference);
  const theirs = key && sessions.experimentsOf(key.session);
  const row = theirs?.get(key!.experimentId);
  return row && theirs ? { experiments: theirs, row } : { experiments, row: experiments.named(reference) };
}
