import { goingOn } from '../src/core/how-far.ts';
import type { Block, Button, Message, Text } from '../src/core/message.ts';
import { inSession } from '../src/core/pinned-session.ts';
import type { Sweep } from '../src/core/suggestion.ts';

/** Buttons for single runs: together with the one for all they fill a row on every platform. */
const SINGLE_BUTTONS = 4;

/** The state of a sweep. Plain JSON. */
export interface SweepData {
  state: 'planned' | 'queueing' | 'queued' | 'stopped';
  /** The session in which it is. */
  session: string;
  preset: string;
  axes: Sweep['axes'];
  runs: { experimentId: string; values: Record<string, string>; expected: string; jobId: string | null }[];
  /** Why it stopped. */
  reason: string;
  /** The options that queue all of it, or the rest. */
  again: Record<string, string>;
  /** For how long they have been queued one after the other. */
  seconds: number;
}

/** The runs of a sweep, with buttons to queue those that are only planned. */
export function sweepMessage({
  state,
  session,
  preset,
  axes,
  runs,
  reason,
  again,
  seconds,
}: SweepData): Message {
  const keys = axes.map(({ key }) => key);
  const done = runs.filter(({ jobId }) => jobId !== null).length;
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const heading = {
    planned: `Planned ${count}`,
    queued: `Queued ${count}`,
    stopped: `Queued ${done} of ${count}`,
  };
  const of = ` ${preset} over ${keys.join(' and ')}`;
  const isQueued = state !== 'planned';
  const says = runs.some(({ expected }) => expected !== '');
  const blocks: Block[] = [
    state === 'queueing'
      ? goingOn([{ bold: 'Queueing' }, of], { done, of: runs.length, unit: 'runs' }, seconds * 1000)
      : { kind: 'text', text: [{ bold: heading[state] }, ` of${of}.`] },
    {
      kind: 'table',
      columns: ['experiment', ...keys, ...(isQueued ? ['job'] : []), ...(says ? ['expected'] : [])],
      rows: runs.map(({ experimentId, values, jobId, expected }): Text[] => [
        { code: experimentId },
        ...keys.map((key) => values[key]!),
        ...(isQueued ? [jobId ?? ''] : []),
        ...(says ? [expected] : []),
      ]),
    },
  ];
  if (state === 'stopped')
    blocks.push({ kind: 'text', text: `Not queued: ${reason} The rest stays planned.` });
  const open = runs.filter(({ jobId }) => jobId === null);
  if (open.length > 0 && (state === 'planned' || state === 'stopped')) {
    const single = open.slice(0, SINGLE_BUTTONS).map(
      ({ experimentId }): Button => ({
        label: `Queue ${experimentId}`,
        command: 'queue',
        options: inSession(session, {
          experiment: experimentId,
          ...(again.on === undefined ? {} : { on: again.on }),
        }),
      }),
    );
    const all: Button = {
      label: `Queue all ${open.length}`,
      command: 'sweep',
      options: inSession(session, again),
      style: 'primary',
    };
    blocks.push({ kind: 'buttons', buttons: open.length > 1 ? [all, ...single] : single });
  }
  return { blocks, tone: state === 'stopped' ? 'bad' : state === 'queueing' ? 'active' : 'good' };
}
