import type { ExperimentsService } from './experiments.ts';

export interface ReportsService {
  /** The report as it would be written. */
  text(experiments: Pick<ExperimentsService, 'session' | 'rows'>): Promise<string>;
  /** Writes `experiment_report.md` into the session's folder. */
  write(experiments: Pick<ExperimentsService, 'session' | 'rows'>): Promise<{ path: string; text: string }>;
}
