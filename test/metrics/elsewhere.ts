import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { judgedBy } from '../../src/core/series.ts';
import type { RunReader } from '../../src/metrics/run-reader.ts';
import { FIXTURES } from '../recorded.ts';

/** Run folders as other training stacks left them; the README in it says which. */
export const ELSEWHERE = join(FIXTURES, '../runs-elsewhere');
export const FOLDERS = globSync('**/expected.json', { cwd: ELSEWHERE }).map(dirname).sort();
const NOW = Date.parse('2026-11-30T00:00:00Z');

const written = (value: number) =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';

/** What a reader makes of a folder, as merged.json has it: of each curve its points, first and last step and value. */
export async function merged(reader: RunReader) {
  const { series, sources } = await reader.read();
  const progress = await reader.progress(null, NOW);
  const { settings } = await reader.settings();
  return {
    curves: Object.fromEntries(
      series.map(({ tag, length, steps, values }) => [
        tag,
        [length, ...[0, length - 1].flatMap((at) => [written(steps[at]!), written(values[at]!)])].join(' '),
      ]),
    ),
    beside: (sources?.beside ?? []).map(({ tag }) => tag),
    objective: judgedBy(series)?.series.tag ?? null,
    settings: Object.keys(settings).length,
    progress: progress && `${progress.unit ?? 'step'} ${progress.step} of ${progress.maxSteps}`,
  };
}
