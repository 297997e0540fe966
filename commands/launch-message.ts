import { launchText } from '../src/core/chosen-settings.ts';
import { goingOn } from '../src/core/how-far.ts';
import { nameIn } from '../src/core/job.ts';
import type { Block, Message } from '../src/core/message.ts';
import type { LaunchOutcome } from '../src/core/services/launches.ts';

/** The state of a launch, from its start to its job id or the launcher's last lines. */
export function launchMessage({
  state,
  preset,
  queue,
  why,
  after,
  assignments,
  usual,
  line,
  jobId,
  runDir,
  experimentId,
  trouble,
  reason,
  lastLines,
  seconds,
}: LaunchOutcome): Message {
  const what = launchText(preset, { assignments, usual });
  const on = queue === undefined ? '' : ` on ${queue}`;
  if (state === 'launching') {
    // A launcher does not say how far it is.
    const blocks: Block[] = [goingOn(['Launching ', ...what, on], null, seconds * 1000)];
    if (line) blocks.push({ kind: 'code', text: line });
    return { blocks, tone: 'active' };
  }
  const but: Block[] = trouble ? [{ kind: 'text', text: [{ bold: 'But' }, `: ${trouble}`] }] : [];
  const tone = trouble ? 'warning' : 'good';
  if (state === 'waiting')
    return {
      blocks: [
        {
          kind: 'text',
          text: [
            `Starts when ${after} has completed: `,
            ...what,
            on,
            ', as ',
            { code: experimentId ?? '' },
            '.',
          ],
        },
        ...but,
        {
          kind: 'text',
          text: [{ hint: `"cancel ${experimentId}" takes it back.` }],
        },
      ],
      tone,
    };
  if (state === 'queued') {
    const as = experimentId === undefined || experimentId === jobId ? [] : [' as ', { code: experimentId }];
    const blocks: Block[] = [
      {
        kind: 'text',
        text: ['Queued ', { code: nameIn(queue, jobId ?? '') }, ...as, ': ', ...what],
      },
    ];
    if (why) blocks.push({ kind: 'text', text: `On ${queue}: ${why}` });
    blocks.push(...but);
    if (runDir) blocks.push({ kind: 'fields', fields: [{ name: 'run folder', value: { code: runDir } }] });
    return { blocks, tone };
  }
  const blocks: Block[] = [
    { kind: 'text', text: [`Not queued${on}: `, ...what, '. ', { hint: reason ?? '' }] },
  ];
  if (lastLines && lastLines.length > 0)
    blocks.push({ kind: 'code', text: lastLines.join('\n'), isLog: true });
  return { blocks, tone: 'bad' };
}
