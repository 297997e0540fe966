import type { Suggestions, Sweep, SweepRequest } from '../suggestion.ts';
import type { ExperimentsService } from './experiments.ts';

/** What suggestions are made from. */
export type Tried = Pick<ExperimentsService, 'session' | 'rows' | 'results' | 'dismissals'>;

/** What to try next, by what a session's log says. */
export interface SuggestService {
  /**
   * `preset` undefined: the best run's, else the only one. Errors `no-objective`, `unknown-preset`, `bad-option`.
   */
  suggest(
    experiments: Tried,
    preset: string | undefined,
    count: number,
  ): Promise<Suggestions & { preset: string; runs: number }>;
  /** What a sweep would come to. Plans nothing. Errors `unknown-preset`, `bad-option`, `bad-assignment`. */
  sweep(experiments: Tried, request: SweepRequest): Promise<Sweep>;
}
