import type { Config } from '../config/config.ts';
import type { Adapter } from '../core/adapter.ts';
import { counted } from '../core/counted.ts';
import { errorText } from '../core/errors.ts';
import type { Queues } from '../core/queues.ts';
import type { Recovered } from '../core/recovered.ts';
import type { BackupsService } from '../core/services/backups.ts';
import type { HealthItem } from '../core/services/health.ts';
import { isoSeconds } from '../core/time.ts';
import { bytesText } from '../core/units.ts';
import type { Depth } from '../store/delivery-trouble.ts';
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
  outbox: Pick<Outbox, 'trouble' | 'depth'>;
  /** How long the last post took from its cause to its platform, milliseconds; null before the first. */
  lastDelayMs: number | null;
  adapters: Iterable<Adapter>;
  /** When the process began (epoch ms), since when is up what does not say otherwise. */
  begunAt: number;
}): HealthItem[] {
  const { config } = parts;
  return [
    ...config.queues.flatMap((queue) => itemsOf(queue, parts.queues)),
    ...parts.others,
    ...toldBy('delivery', () => [
      deliveryItem(parts.outbox.depth(), parts.lastDelayMs),
      ...parts.outbox.trouble().map(({ adapter, state, count, error }) => ({
        name: `${adapter} delivery`,
        ok: false,
        detail: `${counted(count, 'message')} ${TROUBLE[state]}: ${error}`,
      })),
    ]),
    ...[...config.adapters.values()].flatMap(({ kind: { name, offWithChannels }, settings }) =>
      settings === null &&
      offWithChannels !== undefined &&
      config.channels.some(({ adapter }) => adapter === name)
        ? [{ name, ok: false, detail: offWithChannels }]
        : [],
    ),
    ...[...parts.adapters].map((adapter) => {
      const state = adapter.health();
      const since = state.state === 'off' ? '' : `, since ${isoSeconds(state.since ?? parts.begunAt)}`;
      return { name: adapter.name, ok: state.state !== 'down', detail: `${state.detail}${since}` };
    }),
  ];
}

/** What a part tells of itself; where it cannot, as while the disk fails, that it cannot and why. */
export function toldBy(name: string, items: () => HealthItem[]): HealthItem[] {
  try {
    return items();
  } catch (error) {
    return [{ name, ok: false, detail: errorText(error) }];
  }
}

/** How much is to be said, and how fast that goes. */
function deliveryItem({ posts, cards, oldest }: Depth, lastDelayMs: number | null): HealthItem {
  const waiting =
    posts + cards === 0 ? 'nothing waits' : `${counted(posts, 'post')} and ${counted(cards, 'card')} wait`;
  const since = oldest === null ? '' : `, the oldest post since ${isoSeconds(oldest)}`;
  const last = lastDelayMs === null ? '' : `; the last post took ${(lastDelayMs / 1000).toFixed(1)} s`;
  return { name: 'delivery', ok: true, detail: `${waiting}${since}${last}` };
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

/** How large the database is (bytes), beside what is said of it. */
export function withSize(database: HealthItem, bytes: number): HealthItem {
  return { ...database, detail: `${database.detail}; ${bytesText(bytes)}` };
}

/** Of the last backup, and why there is no later one. */
export function backupItem(backups: Pick<BackupsService, 'last' | 'problem'>): HealthItem {
  const last = backups.last();
  const problem = backups.problem();
  const made = last
    ? `the last of ${isoSeconds(last.at)}, ${bytesText(last.bytes)}`
    : 'none yet; a running xaxbot makes one each day';
  return { name: 'backup', ok: problem === null, detail: problem === null ? made : `${made}. ${problem}` };
}
