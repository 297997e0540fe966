import type { ExperimentRow } from './experiment.ts';
import type { ExperimentsService } from './services.ts';
import type { Suggestion } from './suggestion.ts';

export type Period = 'day' | 'week';

/** What a day or a week has come to. Times are epoch milliseconds; plain JSON. */
export interface Digest {
  period: Period;
  from: number;
  to: number;
  session: string;
  /** Jobs that ended within it, by how. */
  ended: { status: string; count: number }[];
  failed: { jobId: string; task: string; why: string }[];
  /** Experiments of which somebody said within it what they showed. */
  learnt: Pick<ExperimentRow, 'experiment_id' | 'result_summary' | 'hypothesis'>[];
  best: { experiment: string; metric: string; value: string } | null;
  /** Hours in which the queue ran something, and in which it did not. */
  busyHours: number;
  idleHours: number;
  /** How many GPUs the queue holds now; null: unknown. */
  gpus: number | null;
  /** GPU hours used and left idle; null where nobody can tell the GPUs. */
  gpuHours: { used: number; idle: number } | null;
  verdictsOpen: number;
  waiting: number;
  /** What could be tried next; null where nothing tells. */
  next: { preset: string; suggestion: Suggestion } | null;
  /** Advice to stop, with the reason. */
  stop: string | null;
}

export interface DigestService {
  /** As seen from a session. */
  make(period: Period, experiments: ExperimentsService): Promise<Digest>;
}
