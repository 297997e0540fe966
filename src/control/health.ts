import type { Config } from '../config/config.ts';
import type { Adapter } from '../core/adapter.ts';
import { counted } from '../core/counted.ts';
import type { Queues } from '../core/queues.ts';
import type { Recovered } from '../core/recovered.ts';
import type { HealthItem } from '../core/services/health.ts';
import { isoSeconds } from '../core/time.ts';
import type { Outbox } from '../store/outbox.ts';

const TROUBLE = {
  due: 'waiting',
  dead: 'cannot be delivered',
  plain: 'shown in a plainer form',
} as const;

/** The health of each part. */
export function healthOf(parts: {
  config: Pick<Config, 'queues' | 'channels' | 'adapters'>;
  queues: Pick<Queues, 'areSeveral' | 'find'>;
  /** Of the parts that report themselves: the database, the log on disk. */
  others: readonly HealthItem[];
  outbox: Pick<Outbox, 'trouble'>;
  adapters: Iterable<Adapter>;
}): HealthItem[] {
  const { config } = parts;
  return [
    ...config.queues.flatMap((queue) => itemsOf(queue, parts.queues)),
    ...parts.others,
    ...parts.outbox.trouble().map(({ adapter, state, count, error }) => ({
      name: `${adapter} delivery`,
      ok: false,
      detail: `${counted(count, 'message')} ${TROUBLE[state]}: ${error}`,
    })),
    ...[...config.adapters.values()].flatMap(({ kind: { name, offWithChannels }, settings }) =>
      settings === null &&
      offWithChannels !== undefined &&
      config.channels.some(({ adapter }) => adapter === name)
        ? [{ name, ok: false, detail: offWithChannels }]
        : [],
    ),
    ...[...parts.adapters].map((adapter) => {
      const state = adapter.health();
      const since = state.state === 'down' ? `, since ${isoSeconds(state.since)}` : '';
      return { name: adapter.name, ok: state.state !== 'down', detail: `${state.detail}${since}` };
    }),
  ];
}

/** What a queue's kind says of it, with its name where there are several. */
function itemsOf(
  { name, kind, settings }: Config['queues'][number],
  queues: Pick<Queues, 'areSeveral' | 'find'>,
): HealthItem[] {
  const queue = queues.find({ queue: name });
  const items = queue ? kind.health(queue, settings) : [];
  return queues.areSeveral
    ? items.map((item) => ({ ...item, name: `${item.name} ${name}`, part: item.name }))
    : items;
}

/** How long a recovery is a problem that somebody should look into, milliseconds. */
const RECOVERY_SHOWN_MS = 24 * 3_600_000;

/** Of a database that was replaced lately. */
export function recoveredItem(recovered: Recovered | undefined, now: number): HealthItem | undefined {
  if (!recovered || recovered.at < now - RECOVERY_SHOWN_MS) return undefined;
  const { why, at, backup, aside } = recovered;
  const what = why === 'damaged' ? `was damaged, and is set aside as ${aside}` : 'was replaced';
  const from =
    backup === null ? 'a new one was begun' : `it goes on from the backup of ${isoSeconds(backup)}`;
  const isTrouble = why === 'damaged';
  return { name: 'database', ok: !isTrouble, detail: `it ${what}; ${from}, since ${isoSeconds(at)}` };
}
