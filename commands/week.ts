import { chartBlock } from '../src/cards/job-card.ts';
import { cellText } from '../src/core/cell-text.ts';
import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import type { Block, Text } from '../src/core/message.ts';
import type { UsageShare } from '../src/core/services/runs.ts';
import { durationText } from '../src/core/time.ts';
import { onQueue } from './queue-meant.ts';

const DAYS = 7;
const HOUR_MS = 3_600_000;
/** Who had least is of least interest. */
const SHARES_SHOWN = 15;

export const week = defineCommand({
  name: 'week',
  group: 'The queue',
  summary: "The queue's last week: busy, idle, failed, and whose it was",
  examples: ['week'],
  options: { on: onQueue('only this queue (default: all)') },
  services: ['queues', 'charts', 'runs', 'hostLabel'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  draws: true,
  working: 'Drawing the chart',
  async run({ on }, { services: { runs, charts, queues, hostLabel } }) {
    const { days, shares } = runs.usage(DAYS, on);
    const which =
      on ?? (queues.areSeveral ? queues.ofSettings.map(({ name }) => name).join(', ') : hostLabel());
    const isSimulated = queues.ofSettings.every(({ simulated }) => simulated);
    const title = `The last ${DAYS} days of ${isSimulated ? `${which} (simulated)` : which}`;
    return { days, shares, chart: await charts.draw({ kind: 'usage', title, days }) };
  },
  view({ days, shares, chart }) {
    const hours = (of: 'busyHours' | 'failedHours' | 'idleHours') =>
      durationText(days.reduce((sum, day) => sum + day[of], 0) * 3_600_000);
    const jobs = days.reduce((sum, day) => sum + day.jobs, 0);
    return {
      blocks: [
        {
          kind: 'fields',
          fields: [
            { name: 'busy', value: hours('busyHours') },
            { name: 'of it on failed jobs', value: hours('failedHours') },
            { name: 'idle', value: hours('idleHours') },
            { name: 'jobs ended', value: String(jobs) },
          ],
        },
        chartBlock(chart),
        ...shareTable('by', shares.person, 'not known'),
        ...shareTable('preset', shares.preset, 'not queued from here'),
        ...(shares.queue.length > 1 ? shareTable('queue', shares.queue, '') : []),
      ],
    };
  },
});

/** Who or what had how much; nothing where there is nobody to tell apart. `unknown` names what nobody knows of. */
function shareTable(column: string, shares: readonly UsageShare[], unknown: string): Block[] {
  if (!shares.some(({ of }) => of !== '')) return [];
  const areGpusKnown = shares.some(({ gpuHours }) => gpuHours > 0);
  const columns = [column, 'jobs', 'ran', 'of it failed', ...(areGpusKnown ? ['GPU hours'] : [])];
  const rows = shares
    .slice(0, SHARES_SHOWN)
    .map((share): Text[] => [
      cellText(share.of === '' ? unknown : share.of),
      String(share.jobs),
      hours(share.hours),
      hours(share.failedHours),
      ...(areGpusKnown ? [gpuHoursText(share)] : []),
    ]);
  return [{ kind: 'table', columns, rows }];
}

function hours(value: number): string {
  return value === 0 ? '' : durationText(value * HOUR_MS);
}

/** What is known of them, and of how many jobs they are not. */
function gpuHoursText({ gpuHours, jobs, untold }: UsageShare): string {
  if (untold === 0) return hours(gpuHours);
  if (gpuHours === 0 && untold === jobs) return 'not known';
  return [hours(gpuHours), `not known of ${counted(untold, 'job')}`].filter((part) => part !== '').join(', ');
}
