import type { ExperimentsService } from './experiments.ts';

export interface ReportsService {
  /** Writes `experiment_report.md` into the session's folder. */
  write(experiments: Pick<ExperimentsService, 'session' | 'rows'>): Promise<{ path: string; text: string }>;
}
