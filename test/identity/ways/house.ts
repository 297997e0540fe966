import type { Invocation } from '../../../src/core/adapter.ts';
import type { AdapterPorts } from '../../../src/core/adapter-ports.ts';
import { defineCommand } from '../../../src/core/command.ts';
import { formOf } from '../../../src/core/form.ts';
import { textMessage } from '../../../src/core/message.ts';
import type { Members, Person } from '../../../src/core/person.ts';
import { createPeople, type KnownPerson } from '../../../src/identity/people.ts';
import type { KnownGroup } from '../../../src/identity/role-in.ts';
import { createIdentities } from '../../../src/store/identities.ts';
import { createHouse, TELL } from '../../contract/adapter-harness.ts';
import { testHandlers } from '../../handlers.ts';
import { eventually } from '../../helpers.ts';

/** What is decided of somebody. */
export type Decided = Pick<Person, 'role' | 'mayRunOwn' | 'barred'>;

/** As it keeps a message. */
const NOTE = defineCommand({
  name: 'note',
  summary: 'Keeps a text',
  examples: [],
  options: { text: { type: 'text', required: true, rest: true, description: 'what to keep' } },
  role: 'operator',
  visibility: 'private',
  changes: true,
  run: async () => ({}),
  view: () => ({ blocks: [] }),
});

/** A house that decides as the bot does, and says of whoever does something who they were taken for. */
export function decidingHouse(settings: {
  adapter: string;
  people: readonly KnownPerson[];
  groups: readonly KnownGroup[];
  /** What members may do in the channel, by whether it is closed. */
  members(isClosed: boolean): Members;
}) {
  const house = createHouse();
  const people = createPeople(() => settings, createIdentities(house.db, Date.now));
  const seen: { person: Person; does: string; input?: Invocation['input'] }[] = [];
  const note = (person: Person, does: string, input?: Invocation['input']) =>
    void seen.push({ person, does, ...(input ? { input } : {}) });
  const handlers = testHandlers({
    commands: [TELL, NOTE],
    commandsFor(person) {
      note(person, 'list');
      return [TELL, NOTE];
    },
    async invoke(invocation, reply) {
      note(invocation.person, 'invoke', invocation.input);
      await reply({ message: textMessage('ok'), visibility: 'private', ok: true, final: true });
    },
    async form({ person }, _command, values) {
      note(person, 'form');
      return formOf(TELL, values);
    },
    async suggest({ person }) {
      note(person, 'suggest');
      return [];
    },
  });
  const ports = (channel: string): AdapterPorts => ({
    ...house.ports(settings.adapter, '', channel),
    decidesBy: {
      groups: settings.groups.flatMap(({ identities }) => identities[settings.adapter] ?? []),
      closedChannels: true,
    },
    nameOf: (account) => people.byAccount(settings.adapter, account)?.name,
    authorOf: (account) => people.authorOf(settings.adapter, account),
    person: (account, room) =>
      people.ofAccount(
        settings.adapter,
        account,
        room.channel === null ? null : room.channel === channel ? settings.members(room.isClosed) : undefined,
      ),
  });

  return {
    house,
    handlers,
    ports,
    /** What is decided of whoever does this. */
    async decided(act: () => unknown): Promise<Decided> {
      seen.length = 0;
      await act();
      const { person } = await eventually('somebody was heard', () => seen[0]);
      const { role, mayRunOwn, barred } = person;
      return { role, ...(mayRunOwn ? { mayRunOwn } : {}), ...(barred ? { barred } : {}) };
    },
    /** Whether nobody was heard, once this is done. */
    async unheard(act: () => unknown): Promise<boolean> {
      seen.length = 0;
      await act();
      return seen.length === 0;
    },
    /** What was asked for last. */
    asked: () => seen.at(-1)?.input,
  };
}
