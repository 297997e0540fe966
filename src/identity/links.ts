import type { Adapters } from '../core/adapter-traits.ts';
import type { Typing } from '../core/command-line.ts';
import { BotError } from '../core/errors.ts';
import type { Message, PersonId } from '../core/message.ts';
import type { Requester } from '../core/request.ts';
import type { LinksService } from '../core/services/links.ts';
import type { Identities, Side } from '../store/identities.ts';
import type { People } from './people.ts';
import { directChannel } from './subscriptions.ts';

/**
 * Linking an account to a person, agreed at both adapters: whoever begins gets a code, gives it at the other adapter, and
 * confirms where they began. A code alone, seen over a shoulder, links nothing.
 */
export function createLinks(deps: {
  identities: Identities;
  people: Pick<People, 'byId'>;
  traits: Adapters;
  typing: Pick<Typing, 'at'>;
  /** Says something in a channel that is one side's alone; a key is told once. */
  tell(key: string, adapter: string, channel: string, message: Message): void;
  /** Who was `before` is `person` from now on. */
  onLinked(before: PersonId, person: PersonId): void;
}): LinksService {
  const { identities, people } = deps;

  function sideOf({ person, adapter, account }: Requester): Side {
    return { platform: adapter, account: account?.id ?? person.id, name: account?.name ?? person.name };
  }

  function pending(code: string) {
    const found = identities.pending(code);
    if (found) return found;
    throw new BotError(
      'link-code',
      'That code is not valid: it is mistyped, used, or older than ten minutes.',
      'Start again with "link".',
    );
  }

  /** Which of two sides is a person of xaxbot.yaml, and which an account to be theirs. */
  function matched(first: Side & { person: string }, second: Side & { person: string }) {
    const [one, other] = [people.byId(first.person), people.byId(second.person)];
    if (one && other) {
      const same = one.id === other.id;
      throw new BotError(
        'link-same',
        same ? `Both are already ${one.name}.` : `These are two people, ${one.name} and ${other.name}.`,
        same ? 'There is nothing to link.' : 'An admin can change people: in xaxbot.yaml.',
      );
    }
    const person = one ?? other;
    const account = one ? second : first;
    if (person && !deps.traits.get(account.platform)?.isOwn) return { person, account };
    throw new BotError(
      'link-nobody',
      'Neither account belongs to a person in xaxbot.yaml.',
      'An admin can add one of them under people:.',
    );
  }

  /** How a command is typed at the other adapters; of those without a chat that type it alike the first is named. */
  function typedElsewhere(line: string, here: string): { line: string; where: readonly string[] }[] {
    const others = [...deps.traits.values()].filter(({ name }) => name !== here);
    const forms = Map.groupBy(others, ({ name }) => deps.typing.at(name)(line));
    return [...forms].map(([form, adapters]) => {
      const chats = adapters.filter(({ hasDirectMessages }) => hasDirectMessages);
      return {
        line: form,
        where: (chats.length > 0 ? chats : adapters.slice(0, 1)).map(({ title }) => title),
      };
    });
  }

  return {
    begin(requester) {
      const code = identities.begin({ ...sideOf(requester), person: requester.person.id });
      return { code, elsewhere: typedElsewhere(`link ${code}`, requester.adapter) };
    },

    claim(code, requester) {
      const { first, second: claimed } = pending(code);
      const second = { ...sideOf(requester), person: requester.person.id };
      if (first.platform === second.platform && first.account === second.account) {
        throw new BotError(
          'link-same',
          'This is where you started.',
          'Enter the code in the other app, then "link confirm CODE" here.',
        );
      }
      const { person } = matched(first, second);
      if (claimed || !identities.claim(code, second))
        throw new BotError('link-code', 'That code has already been used.', 'Start again with "link".');
      const asked = { id: first.account, name: first.name };
      const side = {
        person: { ...requester.person, id: first.person },
        adapter: first.platform,
        account: asked,
      };
      const channel = directChannel(side, deps.traits);
      if (channel !== undefined)
        deps.tell(`link:${code}`, first.platform, channel, {
          tone: 'warning',
          blocks: [
            {
              kind: 'text',
              text: [
                { bold: second.name },
                ` of ${second.platform} entered your code. Is that you, ${first.name}?`,
              ],
            },
            {
              kind: 'buttons',
              buttons: [
                {
                  label: 'Yes, link us',
                  command: 'link',
                  options: { action: 'confirm', code },
                  style: 'primary',
                },
              ],
            },
          ],
        });
      return { first: first.platform, person: person.name };
    },

    confirm(code, requester) {
      const { first, second } = pending(code);
      const here = sideOf(requester);
      if (first.platform !== here.platform || first.account !== here.account)
        throw new BotError('link-code', 'That code was created elsewhere.', 'Confirm it where you started.');
      if (!second)
        throw new BotError(
          'link-unclaimed',
          'Nobody has entered that code in another app yet.',
          `Enter it there: "link ${code}". Then confirm here.`,
        );
      const { person, account } = matched(first, second);
      identities.add(account, person.id);
      identities.finish(code);
      deps.onLinked(account.person, person.id);
      return { person: person.name, platform: account.platform, account: account.name };
    },

    remove(requester) {
      const { platform, account } = sideOf(requester);
      return identities.remove(platform, account);
    },
  };
}
