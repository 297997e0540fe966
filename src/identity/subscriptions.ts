import { DIRECT } from '../core/adapter.ts';
import type { Adapters, AdapterTraits } from '../core/adapter-traits.ts';
import { capital } from '../core/capital.ts';
import { BotError } from '../core/errors.ts';
import type { Requester } from '../core/request.ts';
import type { SubscriptionsService } from '../core/services/subscriptions.ts';
import type { Subscriptions } from '../store/subscriptions.ts';

/** A person's private channel with the bot; undefined for an adapter without one (the terminal). */
export function directChannel({ person, adapter, account }: Requester, traits: Adapters): string | undefined {
  const { hasDirectMessages = false, isOwn = false } = traits.get(adapter) ?? {};
  const id = account?.id ?? (isOwn ? person.id : undefined);
  return hasDirectMessages && id !== undefined ? `${DIRECT}${id}` : undefined;
}

/** Subscriptions for commands: notifications go to the adapter where they were requested. */
export function createSubscriptionsService(
  subscriptions: Subscriptions,
  traits: Adapters,
): SubscriptionsService {
  return {
    add(requester, job) {
      const channel = directChannel(requester, traits);
      if (channel === undefined)
        throw new BotError(
          'no-direct-messages',
          `${capital(traits.get(requester.adapter)?.title ?? requester.adapter)} cannot be told anything later.`,
          `Subscribe ${orIn([...traits.values()].filter((each) => each.hasDirectMessages))}.`,
        );
      return subscriptions.add({ person: requester.person.id, adapter: requester.adapter, channel, job });
    },
    remove: ({ person, adapter }, job) => subscriptions.remove(person.id, adapter, job),
    of: (person) => subscriptions.of(person).map(({ adapter, job }) => ({ adapter, job })),
  };
}

/** "in the web chat, in Slack or in Discord". */
function orIn(adapters: readonly AdapterTraits[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(
    adapters.map(({ title }) => `in ${title}`),
  );
}
