import { clip } from '../src/core/clip.ts';
import { BotError } from '../src/core/errors.ts';
import type { AskedReservation } from '../src/core/gpus.ts';
import type { ObserverAction } from '../src/core/queue.ts';
import type { Services } from '../src/core/services/context.ts';

/** The options of `observer` that a button or a question repeats. */
export interface ObserverOptions {
  action: ObserverAction;
  'queue-gpus': string | undefined;
  'queue-num-gpus': number | undefined;
  on?: string | undefined;
}

/** These options as words. */
export function optionWords({
  action,
  'queue-gpus': listed,
  'queue-num-gpus': count,
  on,
}: ObserverOptions): Record<string, string> {
  return {
    action,
    ...(listed === undefined ? {} : { 'queue-gpus': listed }),
    ...(count === undefined ? {} : { 'queue-num-gpus': String(count) }),
    ...(on === undefined ? {} : { on }),
  };
}

/** The options that would start it the same way again. */
export function startOptions(kept: AskedReservation | undefined): ObserverOptions {
  return {
    action: 'start',
    'queue-gpus': kept?.kind === 'listed' ? kept.indices.join(',') : undefined,
    'queue-num-gpus': kept?.kind === 'first' ? kept.count : undefined,
  };
}

/** The requested GPUs, which must exist as far as that is known. Error `bad-option`. */
export async function askedReservation(
  { action, 'queue-gpus': listed, 'queue-num-gpus': count }: ObserverOptions,
  { gpus }: Pick<Services, 'gpus'>,
): Promise<AskedReservation | undefined> {
  if (listed === undefined && count === undefined) return undefined;
  const option = listed === undefined ? 'queue-num-gpus' : 'queue-gpus';
  if (action === 'stop') throw bad(option, `stop does not take ${option}.`);
  if (listed !== undefined && count !== undefined)
    throw bad(option, 'queue-gpus and queue-num-gpus are both given; give only one.');
  const asked: AskedReservation =
    listed === undefined
      ? { kind: 'first', count: count! }
      : { kind: 'listed', indices: parseIndices(listed) };
  const there = (await gpus.look()).gpus?.map(({ index }) => index);
  const missing = there && missingText(asked, there);
  if (missing) throw bad(option, `${missing}: nvidia-smi knows ${there.join(', ')}.`);
  return asked;
}

/** Numbers separated by commas, without repeats. Error `bad-option`. */
function parseIndices(listed: string): number[] {
  const shown = clip(listed, 60);
  if (!/^\d{1,3}(,\d{1,3})*$/.test(listed))
    throw bad('queue-gpus', `queue-gpus is "${shown}"; accepted: numbers separated by commas, e.g. 0,1.`);
  const indices = listed.split(',').map(Number);
  if (new Set(indices).size === indices.length) return indices;
  throw bad('queue-gpus', `queue-gpus is "${shown}", which names a GPU twice.`);
}

function missingText(asked: AskedReservation, there: readonly number[]): string | undefined {
  if (asked.kind === 'first')
    return asked.count > there.length ? `There are not ${asked.count} GPUs here` : undefined;
  const missing = asked.indices.filter((index) => !there.includes(index));
  return missing.length > 0 ? `There is no GPU ${missing.join(', ')} here` : undefined;
}

function bad(option: string, message: string): BotError {
  return new BotError('bad-option', message, 'Nothing was changed.', option);
}
