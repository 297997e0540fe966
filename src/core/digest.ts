import type { ExperimentRow } from './experiment.ts';
import type { ExperimentsService } from './services/experiments.ts';
import type { Tried } from './services/suggestions.ts';
import type { Stop, Suggestion } from './suggestion.ts';

export type Period = 'day' | 'week';

/** What a day or a week has come to. Times are epoch milliseconds; plain JSON. */
export interface Digest {
  period: Period;
  since: number;
  until: number;
  session: string;
  /** Jobs of the whole queue that ended within it, those too that never began, by how. */
  ended: { status: string; count: number }[];
  /** The session's runs that ended within it, the last first. */
  runs: { experiment: string; status: string; value: number | null; changes: string }[];
  /** Jobs of the whole queue that failed within it, the last first, and the cause of each. */
  failed: { jobId: string; task: string; why: string }[];
  /** Experiments of which somebody said within it what they showed, the last first. */
  learnt: Pick<ExperimentRow, 'experiment_id' | 'result_summary' | 'hypothesis'>[];
  best: { experiment: string; metric: string; value: number } | null;
  /** Hours in which the queue ran something, and in which it did not. */
  busyHours: number;
  idleHours: number;
  /** How many GPUs the queue holds now; null: unknown. */
  gpus: number | null;
  /** GPU hours used and left idle; null where nobody can tell the GPUs. */
  gpuHours: { used: number; idle: number } | null;
  /** Runs that wait for a verdict, the latest end first. */
  verdictsOpen: string[];
  waiting: number;
  /** What could be tried next; null where nothing tells. */
  next: { preset: string; suggestion: Suggestion } | null;
  /** The stop rule that is met, and whether to stop is advised; null: none is. */
  stop: Stop | null;
}

export interface DigestService {
  /** As seen from a session. */
  make(period: Period, experiments: Tried & Pick<ExperimentsService, 'verdicts'>): Promise<Digest>;
}
