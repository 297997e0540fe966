import { BotError } from '../core/errors.ts';
import type { Range } from '../core/facts.ts';
import { mayQueueOn, type Person, rightsOn } from '../core/person.ts';
import type { Preset } from '../core/preset.ts';
import type { QueueWith } from '../core/queue.ts';
import { queueWith } from '../core/queue-lacks.ts';
import { type Queues, startsNothing } from '../core/queues.ts';
import type { Resources } from '../core/resources.ts';
import { durationText } from '../core/time.ts';
import { within } from '../core/within.ts';

/** Estimates read files of runs; of a queue whose disk hangs nothing is known. */
const STARTS_WITHIN_MS = 5_000;

type Launching = QueueWith<'launch'>;

export interface ChosenQueue {
  queue: Launching;
  /** Why this one, a sentence, where it was chosen among several. */
  why?: string;
}

/** Chooses the queue of a launch: the one that is named, the only one, or the one where it starts first. */
export function createQueueChoice(deps: {
  queues: Queues;
  /** When one more job would start, given these by its scheduler; `refused`: that would not take it; null where nobody knows. */
  nextStart(queue: Launching, resources?: Resources): Promise<Range | 'refused'>;
}) {
  const { queues } = deps;

  /**
   * Those where a preset is launched, in the order of the settings; with a person: where they may. Errors `queue-lacks`,
   * `unknown-queue`, `not-allowed` without any.
   */
  function candidates({ name, queues: allowed }: Preset, person?: Person): Launching[] {
    const where = queues.all.filter(({ name }) => allowed === undefined || allowed.includes(name));
    const able = queues.with('launch').filter((queue) => where.includes(queue));
    // Never one that the preset does not name: the error tells of one that it does.
    if (able.length === 0) return [queueWith(where[0] ?? queues.named(allowed?.[0] ?? ''), 'launch')];
    const open = person ? able.filter((queue) => mayQueueOn(person, queue.name)) : able;
    if (open.length === 0) throw notAllowed(name, able, person!);
    return open;
  }

  /** The queue that somebody named. Errors `unknown-queue`, `queue-lacks`, `bad-option`, `not-allowed`. */
  function named(preset: Preset, name: string, person: Person): Launching {
    const queue = queueWith(queues.named(name), 'launch');
    const able = candidates(preset);
    if (able.includes(queue)) {
      if (mayQueueOn(person, queue.name)) return queue;
      throw notAllowed(preset.name, [queue], person);
    }
    throw new BotError(
      'bad-option',
      `${preset.name} is not launched on ${queue.name}.`,
      `Its queues in xaxbot.yaml are ${able.map((each) => each.name).join(', ')}.`,
      'on',
    );
  }

  return {
    candidates,

    /** The one that can be told without estimates; undefined: it is chosen among several. */
    certain(preset: Preset, name: string | undefined, person: Person): Launching | undefined {
      if (name !== undefined) return named(preset, name, person);
      const able = candidates(preset, person);
      return able.length === 1 ? able[0] : undefined;
    },

    /** Among those where the person may queue runs. */
    async choose(preset: Preset, name: string | undefined, person: Person): Promise<ChosenQueue> {
      if (name !== undefined) return { queue: named(preset, name, person) };
      const able = candidates(preset, person);
      if (!queues.areSeveral) return { queue: able[0]! };
      const isOnlyOne = candidates(preset).length === 1;
      if (able.length === 1)
        return {
          queue: able[0]!,
          why: isOnlyOne
            ? `${preset.name} names no other queue.`
            : `${person.name} may queue runs on no other queue.`,
        };
      const starts = await Promise.all(
        able.map(async (queue) => ({ queue, ...(await standing(queue, preset.slurm)) })),
      );
      const [first, ...others] = starts.toSorted(earlier);
      const told = others.map(({ queue, words }) => `on ${queue.name} ${words}`).join(', ');
      return { queue: first!.queue, why: `${first!.words}; ${told}.` };
    },
  };

  async function standing(queue: Launching, resources: Resources | undefined): Promise<Standing> {
    const health = queue.health();
    const waits = queue.snapshot()?.order.length ?? 0;
    if (!health.ok) return { start: null, waits, rank: 2, words: 'nothing can be read' };
    if (startsNothing(queue))
      return { start: null, waits, rank: 2, words: 'nothing starts without an observer' };
    const start = await within(STARTS_WITHIN_MS, deps.nextStart(queue, resources), () => null).catch(
      () => null,
    );
    if (start === 'refused') return { start: null, waits, rank: 2, words: 'its scheduler would not take it' };
    if (start) return { start, waits, rank: 0, words: `it starts ${startText(start)}` };
    return { start, waits, rank: 1, words: `it waits behind ${waits}, nobody knows for how long` };
  }
}

/** Error `not-allowed` for who may queue runs on none of these. */
function notAllowed(preset: string, able: readonly Launching[], person: Person): BotError {
  const roles = able.map(({ name }) => `${rightsOn(person, name).role ?? 'none'} on ${name}`);
  return new BotError(
    'not-allowed',
    `${preset} is not queued: that needs the role operator, and your role is ${roles.join(', ')}.`,
    'An admin can change that under people: in xaxbot.yaml.',
  );
}

interface Standing {
  start: Range;
  waits: number;
  /** 0: the start is known, 1: it is not, 2: nothing starts there now. */
  rank: number;
  words: string;
}

/** The earliest first; what cannot be told apart stays in the order of the settings. */
function earlier(a: Standing, b: Standing): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  const late = ({ start, waits }: Standing) => start?.high ?? waits;
  return late(a) - late(b) || (a.start?.low ?? 0) - (b.start?.low ?? 0) || a.waits - b.waits;
}

function startText({ high }: NonNullable<Range>): string {
  return high < 1 ? 'at once' : `in ${durationText(high * 1000)}`;
}

export type QueueChoice = ReturnType<typeof createQueueChoice>;
