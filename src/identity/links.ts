import type { Adapters } from '../core/adapter-traits.ts';
import type { Typing } from '../core/command-line.ts';
import { BotError } from '../core/errors.ts';
import { linkQuestion } from '../core/link-question.ts';
import type { Message, PersonId } from '../core/message.ts';
import type { Person } from '../core/person.ts';
import type { Requester } from '../core/request.ts';
import type { LinkAsker, LinksService } from '../core/services/links.ts';
import type { Identities, PendingLink, Side } from '../store/identities.ts';
import type { People } from './people.ts';
import { directChannel } from './subscriptions.ts';

/** A side, and who spoke there. */
type Known = PendingLink['first'];

/**
 * Linking an account to a person: whoever begins gets a code, which is given at the other adapter, whichever of the two that is.
 * Then whoever gives their role away is told which account asks for it, and confirms. A code alone, seen over a shoulder or
 * entered because somebody said so, links nothing.
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

  const knownAs = (requester: Requester): Known => ({ ...sideOf(requester), person: requester.person.id });

  function pending(code: string) {
    const found = identities.pending(code);
    if (found) return found;
    throw new BotError(
      'link-code',
      'That code is not valid: it is mistyped, used, or older than ten minutes.',
      'Start again with "link".',
    );
  }

  /** Who of two sides gives their role away, being a person of xaxbot.yaml, and which account asks for it. */
  function matched(first: Known, second: Known): { giver: Known; asker: Known; person: Person } {
    const [one, other] = [people.byId(first.person), people.byId(second.person)];
    if (one && other) {
      const same = one.id === other.id;
      throw new BotError(
        'link-same',
        same ? `Both are already ${one.name}.` : `These are two people, ${one.name} and ${other.name}.`,
        same ? 'There is nothing to link.' : 'An admin can change people: in xaxbot.yaml.',
      );
    }
    const [giver, asker] = one ? [first, second] : [second, first];
    const person = one ?? other;
    if (person && !deps.traits.get(asker.platform)?.isOwn) return { giver, asker, person };
    throw new BotError(
      'link-nobody',
      'Neither account belongs to a person in xaxbot.yaml.',
      'An admin can add one of them under people:.',
    );
  }

  const titleOf = (platform: string) => deps.traits.get(platform)?.title ?? platform;
  /** Names can be chosen; an id cannot. */
  const told = ({ name, account, platform }: Side): LinkAsker => ({
    name,
    id: account,
    where: titleOf(platform),
  });
  const isSide = (side: Side, { platform, account }: Side) =>
    side.platform === platform && side.account === account;

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

  /** Whoever gives their role away is told who asks for it, where they began. */
  function askGiver(code: string, giver: Known, asker: LinkAsker, person: Person): void {
    const account = { id: giver.account, name: giver.name };
    const channel = directChannel({ person, adapter: giver.platform, account }, deps.traits);
    if (channel !== undefined)
      deps.tell(`link:${code}`, giver.platform, channel, linkQuestion(code, asker, person.name));
  }

  return {
    begin(requester) {
      const code = identities.begin(knownAs(requester));
      return {
        code,
        elsewhere: typedElsewhere(`link ${code}`, requester.adapter),
        gives: people.byId(requester.person.id) !== undefined,
      };
    },

    claim(code, requester) {
      const { first, second: claimed } = pending(code);
      const second = knownAs(requester);
      if (isSide(first, second)) {
        throw new BotError('link-same', 'This is where you started.', 'Enter the code in the other app.');
      }
      const { giver, asker, person } = matched(first, second);
      if (claimed || !identities.claim(code, second))
        throw new BotError('link-code', 'That code has already been used.', 'Start again with "link".');
      const isHere = giver === second;
      if (!isHere) askGiver(code, giver, told(asker), person);
      return { person: person.name, asker: told(asker), confirmIn: isHere ? null : titleOf(giver.platform) };
    },

    confirm(code, requester) {
      const { first, second } = pending(code);
      const here = knownAs(requester);
      if (!second) {
        if (!isSide(first, here)) throw notHere();
        throw new BotError(
          'link-unclaimed',
          'Nobody has entered that code in another app yet.',
          `Enter it there: "link ${code}".`,
        );
      }
      const { giver, asker, person } = matched(first, second);
      if (!isSide(giver, here) || giver.person !== here.person) throw notHere();
      identities.add(asker, person.id);
      identities.finish(code);
      deps.onLinked(asker.person, person.id);
      return { person: person.name, account: told(asker) };
    },

    remove(requester) {
      const { platform, account } = sideOf(requester);
      return identities.remove(platform, account);
    },
  };
}

function notHere(): BotError {
  return new BotError(
    'link-code',
    'That code is not yours to confirm: whoever gives their role away confirms, where they gave it or began.',
    'Nothing was linked.',
  );
}
