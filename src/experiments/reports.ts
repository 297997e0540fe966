import { join } from 'node:path';
import type { Mask } from '../core/masked.ts';
import type { ReportsService } from '../core/services/reports.ts';
import { inSlices, together } from '../core/slices.ts';
import type { Clock } from '../core/time.ts';
import { maskLong } from '../files/mask-long.ts';
import { readContent, replaceFile } from './disk-file.ts';
import { REPORT_NAME, REPORT_ROWS, REPORT_TITLE, renderReport, reportAdditions } from './report.ts';

/** How often someone else may write the report while we do. */
const ATTEMPTS = 5;

/** A session's report, which is written next to its log. */
export function createReports(clock: Clock, mask: Mask): ReportsService {
  const textOf: ReportsService['text'] = async (experiments) => {
    const { objective } = experiments.session.info();
    const rows = await inSlices(together(experiments.rows.pages()));
    const text = renderReport(rows, {
      title: REPORT_TITLE,
      maxRows: REPORT_ROWS,
      // Rows of another objective, as of a log that scripts wrote, say themselves which direction is better.
      objectiveMode: rows.some((row) => row.objective_metric === objective?.metric)
        ? objective!.mode
        : 'auto',
      now: clock(),
      additions: reportAdditions(rows),
    });
    return maskLong(text, mask);
  };

  return {
    text: textOf,
    async write(experiments) {
      const { folder } = experiments.session.info();
      const text = await textOf(experiments);
      const path = join(folder, REPORT_NAME);
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const found = await readContent(path);
        const written = await replaceFile(path, found?.bytes, Buffer.from(text));
        if (!written) continue;
        await written.replaced?.close();
        break;
      }
      return { path, text };
    },
  };
}
