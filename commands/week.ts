import { chartBlock } from '../src/cards/job-card.ts';
import { defineCommand } from '../src/core/command.ts';
import { durationText } from '../src/core/time.ts';

const DAYS = 7;

export const week = defineCommand({
  name: 'week',
  group: 'The queue',
  summary: "The queue's last week: busy, idle, failed",
  examples: ['week'],
  options: {},
  services: ['queues', 'charts', 'runs', 'hostLabel'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  draws: true,
  working: 'Drawing the chart',
  async run(_options, { services: { runs, charts, queues, hostLabel } }) {
    const days = runs.usage(DAYS);
    const which = queues.areSeveral ? queues.ofSettings.map(({ name }) => name).join(', ') : hostLabel();
    const isSimulated = queues.ofSettings.every(({ simulated }) => simulated);
    const title = `The last ${DAYS} days of ${isSimulated ? `${which} (simulated)` : which}`;
    return { days, chart: await charts.draw({ kind: 'usage', title, days }) };
  },
  view({ days, chart }) {
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
      ],
    };
  },
});
