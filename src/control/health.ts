import type { Config } from '../config/config.ts';
import type { Adapter } from '../core/adapter.ts';
import type { Queue } from '../core/queue.ts';
import type { HealthItem } from '../core/services/health.ts';
import { isoSeconds } from '../core/time.ts';
import type { Outbox } from '../store/outbox.ts';

/** The health of each part. */
export function healthOf(parts: {
  config: Pick<Config, 'queues' | 'channels' | 'adapters'>;
  queue: Queue;
  /** Of the parts that report themselves: the database, the log on disk. */
  others: readonly HealthItem[];
  outbox: Pick<Outbox, 'trouble'>;
  adapters: Iterable<Adapter>;
}): HealthItem[] {
  const { config, queue } = parts;
  return [
    ...config.queues.flatMap(({ kind, settings }) => kind.health(queue, settings)),
    ...parts.others,
    ...parts.outbox.trouble().map(({ adapter, state, count, error }) => ({
      name: `${adapter} delivery`,
      ok: false,
      detail: `${count} messages ${state === 'dead' ? 'cannot be delivered' : 'wait'}: ${error}`,
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
