import type { Digest } from '../core/digest.ts';
import { type Block, inlines, type Message, type Text } from '../core/message.ts';
import { durationText } from '../core/time.ts';
import { hoursText } from '../core/units.ts';

const LEARNT_SHOWN = 10;

/** What a day or a week has come to. */
export function digestMessage(digest: Digest): Message {
  const { period, from, to, session, ended, failed, learnt, best, next, stop } = digest;
  const ran = ended.map(({ status, count }) => `${count} ${status}`).join(', ') || 'nothing ended';
  const blocks: Block[] = [
    {
      kind: 'heading',
      text: [
        { bold: period === 'day' ? 'The last day' : 'The last week' },
        ` of ${session}, `,
        { time: from, style: 'datetime' },
        ' to ',
        { time: to, style: 'datetime' },
      ],
    },
    {
      kind: 'fields',
      fields: [
        { name: 'ran', value: ran },
        ...hoursFields(digest),
        { name: 'waiting', value: String(digest.waiting) },
        { name: 'verdicts open', value: String(digest.verdictsOpen) },
        ...(best ? [{ name: 'best', value: `${best.experiment}: ${best.metric} ${best.value}` }] : []),
      ],
    },
  ];
  const paragraph = (...text: Text[]): void =>
    void blocks.push({ kind: 'text', text: text.flatMap(inlines) });
  for (const { experiment_id, result_summary, hypothesis } of learnt.slice(0, LEARNT_SHOWN))
    paragraph(
      { bold: 'Learnt' },
      ' from ',
      { code: experiment_id },
      `: ${result_summary}${hypothesis ? ` (${hypothesis})` : ''}`,
    );
  if (learnt.length > LEARNT_SHOWN) paragraph(`and ${learnt.length - LEARNT_SHOWN} more verdicts.`);
  if (failed.length > 0)
    blocks.push({
      kind: 'table',
      columns: ['failed', 'task', 'why'],
      rows: failed.map(({ jobId, task, why }): Text[] => [{ code: jobId }, task, why]),
    });
  if (stop !== null) paragraph({ bold: 'Time to stop' }, `: ${stop}.`);
  else if (next)
    paragraph(
      { bold: 'Next' },
      `: ${next.suggestion.hypothesis}; ${next.suggestion.expected}. "suggest" says why.`,
    );
  return { blocks, tone: failed.length > 0 ? 'warning' : 'neutral' };
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
