import { type ExperimentRow, parseExperimentKey } from '../src/core/experiment.ts';
import type { Services } from '../src/core/services/context.ts';
import type { ExperimentsService } from '../src/core/services/experiments.ts';

/** An experiment, and what is to be done with it in the session it is of. */
export interface Meant<K extends keyof ExperimentsService> {
  experiments: Pick<ExperimentsService, K>;
  row: ExperimentRow;
}

/**
 * The experiment somebody means, as `session/id` in whatever session is in use: a button does what stood above it. It
 * comes with the same of its own session as were given. Errors as `named`.
 */
export function experimentMeant<S extends Pick<Services, 'rows' | 'sessions'>>(
  reference: string,
  services: S,
): Meant<keyof S & keyof ExperimentsService> {
  const { rows, sessions } = services;
  const key = parseExperimentKey(reference);
  const theirs = key && sessions.experimentsOf(key.session);
  const row = theirs?.rows.get(key!.experimentId);
  if (row && theirs) return { experiments: theirs, row };
  const experiments: Pick<S, keyof S & keyof ExperimentsService> = services;
  return {
    experiments: experiments as Meant<keyof S & keyof ExperimentsService>['experiments'],
    row: rows.named(reference),
  };
}
