import type { Message } from '../core/message.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { Experiments } from '../experiments/service.ts';
import type { Notifier } from './notifier.ts';

/** Tells every channel what is to be said of its session, made once for each session; a key is told once. */
export type TellBySession = (
  key: string,
  make: (experiments: ExperimentsService) => Promise<Message>,
) => Promise<void>;

export function createBySession(deps: {
  notifier: Pick<Notifier, 'channels' | 'tellOne'>;
  experiments: Pick<Experiments, 'inChannel'>;
}): TellBySession {
  const { notifier, experiments } = deps;

  return async function tellBySession(key, make) {
    const made = new Map<string, Promise<Message>>();
    for (const { adapter, channel } of notifier.channels()) {
      const theirs = experiments.inChannel({ adapter, channel });
      const { name } = theirs.session.info();
      const message = made.get(name) ?? make(theirs);
      made.set(name, message);
      notifier.tellOne(key, adapter, channel, await message);
    }
  };
}
