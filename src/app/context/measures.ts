import type { MetricsService } from '../../core/metrics.ts';
import { createMetricsService } from '../../metrics/service.ts';
import { soonOf } from '../../notify/soon.ts';
import { createStarts, type Starts } from '../../notify/starts.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';

/** What runs write, and when by that the next ones start. */
export interface Measures {
  metrics: MetricsService;
  starts: Starts;
}

export function buildMeasures(
  { queues, clock, log, ingest }: Base & { ingest: Ingest },
  given: Partial<Measures> = {},
): Measures {
  const runFiles: Parameters<typeof createMetricsService>[0]['runFiles'] = (job) =>
    queues.of(job).runFiles(job);
  const metrics = given.metrics ?? createMetricsService({ runFiles, clock });
  return {
    metrics,
    starts: createStarts({ jobs: ingest.jobs, metrics, soon: soonOf(queues), clock, log }),
    ...given,
  };
}
