import type { Block, Inline, Text } from '../core/message.ts';
import type { RetryCause } from '../core/preset.ts';
import type { WaitingLaunch, WaitingLaunches } from '../core/waiting-launch.ts';

const AGAIN: Readonly<Record<RetryCause, string>> = {
  preempted: 'next, as it was preempted',
  node_failure: 'next, as its node failed',
};

/** What waits to be launched when a job has ended, as a table; nothing where nothing does. */
export function waitingLaunchBlocks(launches: WaitingLaunches | undefined): Block[] {
  if (!launches || launches.count === 0) return [];
  const { shown, count } = launches;
  const isNamed = shown.some(({ queue }) => queue !== null);
  const rows = shown.map((launch): Text[] => [
    launch.experimentId === null ? ['retry of ', { code: launch.after }] : { code: launch.experimentId },
    launch.preset,
    launch.by,
    startsText(launch),
    ...(isNamed ? [launch.queue ?? 'any'] : []),
  ]);
  const more = count - shown.length;
  return [
    { kind: 'table', columns: ['later', 'preset', 'by', 'starts', ...(isNamed ? ['on'] : [])], rows },
    ...(more > 0 ? [{ kind: 'text' as const, text: `and ${more} more` }] : []),
  ];
}

function startsText({ cause, after }: WaitingLaunch): Text {
  return cause === null ? ['when ', { code: after }, ' has completed'] : AGAIN[cause];
}

/** What comes after a job, on its card. */
export function nextText({ shown, count }: WaitingLaunches): Text {
  const each = shown.flatMap(({ preset, by, queue, experimentId }, index): Inline[] => [
    `${index === 0 ? '' : ', '}${preset}${experimentId === null ? ' again,' : ''} by ${by}`,
    ...(queue === null ? [] : [` on ${queue}`]),
    ...(experimentId === null ? [] : [' (', { code: experimentId }, ')']),
  ]);
  const more = count - shown.length;
  return more > 0 ? [...each, ` and ${more} more`] : each;
}
