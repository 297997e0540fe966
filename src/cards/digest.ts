import { cellText } from '../core/cell-text.ts';
import { asRead } from '../core/config-delta.ts';
import type { Digest } from '../core/digest.ts';
import { type Block, type Button, inlines, type Message, type Text } from '../core/message.ts';
import { durationText } from '../core/time.ts';
import { hoursText, metricText, numberText } from '../core/units.ts';

const LEARNT_SHOWN = 10;
const RUNS_SHOWN = 10;
const VERDICTS_NAMED = 5;

/** The summary of a day or a week. */
export function digestMessage(digest: Digest): Message {
  const { period, since, until, session, ended, failed, learnt, best, next, stop, verdictsOpen, runs } =
    digest;
  const ran = ended.map(({ status, count }) => `${count} ${status}`).join(', ') || 'nothing ended';
  const blocks: Block[] = [
    {
      kind: 'heading',
      text: [
        { bold: period === 'day' ? 'The last day' : 'The last week' },
        ` of ${session}, `,
        { time: since, style: 'datetime' },
        ' to ',
        { time: until, style: 'datetime' },
      ],
    },
    {
      kind: 'fields',
      fields: [
        { name: 'the whole queue', value: ran },
        ...hoursFields(digest),
        { name: 'waiting', value: String(digest.waiting) },
        ...(best
          ? [
              {
                name: 'best',
                value: `${best.experiment}: ${best.metric} ${metricText(best.metric, best.value)}`,
              },
            ]
          : []),
      ],
    },
  ];
  const paragraph = (...text: Text[]): void =>
    void blocks.push({ kind: 'text', text: text.flatMap(inlines) });
  const more = (count: number, what: string): void => {
    if (count > 0) paragraph(`and ${count} more ${what}${count === 1 ? '' : 's'}.`);
  };
  for (const { experiment_id, result_summary, hypothesis } of learnt.slice(0, LEARNT_SHOWN))
    paragraph(
      { bold: 'Learnt' },
      ' from ',
      { code: experiment_id },
      `: ${result_summary}${hypothesis ? ` (${asRead(hypothesis)})` : ''}`,
    );
  more(learnt.length - LEARNT_SHOWN, 'verdict');
  if (runs.length > 0)
    blocks.push({
      kind: 'table',
      columns: ['run', 'status', 'value', 'changed'],
      rows: runs
        .slice(0, RUNS_SHOWN)
        .map(({ experiment, status, value, changes }): Text[] => [
          { code: experiment },
          status,
          value === null ? '' : numberText(value),
          cellText(asRead(changes)),
        ]),
    });
  more(runs.length - RUNS_SHOWN, 'run');
  if (failed.length > 0)
    blocks.push({
      kind: 'table',
      columns: ['failed', 'task', 'why'],
      rows: failed.map(({ jobId, task, why }): Text[] => [{ code: jobId }, task, cellText(why)]),
    });
  const failures = ended.find(({ status }) => status === 'failed')?.count ?? 0;
  more(failures - failed.length, 'failure');
  if (verdictsOpen.length > 0) paragraph({ bold: 'Open verdicts' }, `: ${verdictsText(verdictsOpen)}.`);
  if (stop !== null) {
    paragraph({ bold: 'Stop rule met' }, `: ${stop.why}.`);
    paragraph({ bold: stop.isAdvised ? 'Advice: stop' : 'Advice: continue' }, `: ${stop.advice}.`);
  }
  if (next && !stop?.isAdvised)
    paragraph(
      { bold: 'Next' },
      `: ${asRead(next.suggestion.hypothesis)}. Expected: ${next.suggestion.expected}.`,
    );
  const buttons: Button[] = [
    ...(verdictsOpen.length > 0 ? [{ label: 'Verdicts', command: 'verdicts', options: {} }] : []),
    ...(next ? [{ label: 'What next?', command: 'suggest', options: {} }] : []),
  ];
  if (buttons.length > 0) blocks.push({ kind: 'buttons', buttons });
  return { blocks, tone: failed.length > 0 ? 'warning' : 'neutral' };
}

function verdictsText(open: readonly string[]): string {
  const named = open.slice(0, VERDICTS_NAMED).join(', ');
  return open.length > VERDICTS_NAMED ? `${named} and ${open.length - VERDICTS_NAMED} more` : named;
}

/** GPU hours where the GPUs are known, else the queue's own. */
function hoursFields({ gpus, gpuHours, busyHours, idleHours }: Digest): { name: string; value: string }[] {
  if (gpus !== null && gpuHours !== null) {
    const { used, idle } = gpuHours;
    const on = gpus === 1 ? '1 GPU' : `${gpus} GPUs`;
    return [{ name: 'GPU hours', value: `${hoursText(used)} used, ${hoursText(idle)} idle (${on})` }];
  }
  const hours = (value: number) => durationText(value * 3_600_000);
  return [
    { name: 'queue busy', value: hours(busyHours) },
    { name: 'idle', value: hours(idleHours) },
  ];
}
