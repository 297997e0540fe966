import { DIRECT } from '../core/adapter.ts';
import { BotError } from '../core/errors.ts';
import type { Requester } from '../core/request.ts';
import type { SubscriptionsService } from '../core/services/subscriptions.ts';
import type { Subscriptions } from '../store/subscriptions.ts';

/** A person's private channel with the bot; undefined for an adapter without one (the terminal). */
export function directChannel({ person, adapter, account }: Requester): string | undefined {
  if (account) return `${DIRECT}${account.id}`;
  return adapter === 'web' ? `${DIRECT}${person.id}` : undefined;
}

/** Subscriptions for commands: notifications go to the adapter where they were requested. */
export function createSubscriptionsService(subscriptions: Subscriptions): SubscriptionsService {
  return {
    add(requester, job) {
      const channel = directChannel(requester);
      if (channel === undefined)
        throw new BotError(
          'no-direct-messages',
          'The terminal cannot receive notifications.',
          'Subscribe in the web chat, in Slack or in Discord.',
        );
      return subscriptions.add({ person: requester.person.id, adapter: requester.adapter, channel, job });
    },
    remove: ({ person, adapter }, job) => subscriptions.remove(person.id, adapter, job),
    of: (person) => subscriptions.of(person).map(({ adapter, job }) => ({ adapter, job })),
  };
}
