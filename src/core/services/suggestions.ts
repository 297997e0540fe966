import type { Suggestions, Sweep, SweepRequest } from '../suggestion.ts';
import type { ExperimentsService } from './experiments.ts';

/** What suggestions are made from. */
export type Tried = Pick<ExperimentsService, 'session' | 'rows' | 'results' | 'dismissals'>;

/** What to try next, based on a session's log. */
export interface SuggestService {
  /**
   * `preset` undefined: the best run's, else the only one. Errors `no-objective`, `unknown-preset`, `bad-option`.
   */
  suggest(
    experiments: Tried,
    preset: string | undefined,
    count: number,
  ): Promise<Suggestions & { preset: string; runs: number }>;
  /** The runs of a sweep. Plans nothing. Errors `unknown-preset`, `bad-option`, `bad-assignment`. */
  sweep(experiments: Tried, request: SweepRequest): Promise<Sweep>;
}
