import type { AdapterParts } from '../app/context.ts';
import { supervise } from '../app/supervise.ts';
import type { Timings } from '../app/timings.ts';
import { agentNamed } from '../approvals/agent.ts';
import type { AdapterSetup } from '../config/config.ts';
import type { FixedConfig, LiveConfig } from '../config/live.ts';
import { membersIn, membersOnQueues } from '../config/members-in.ts';
import type { Account, Adapter, Entry, Room } from '../core/adapter.ts';
import type { AdapterPorts } from '../core/adapter-ports.ts';
import { BotError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { PersonId } from '../core/message.ts';
import { isReader } from '../core/person.ts';
import { shellCommand } from '../core/shell-command.ts';
import type { Clock } from '../core/time.ts';
import { createActions } from '../store/actions.ts';
import { createChatStore } from '../store/chat.ts';
import { createKeptValues } from '../store/kept-values.ts';
import { createUploads } from '../store/uploads.ts';
import { agentSettingsOf } from './agent-settings.ts';
import { hostPerson } from './host-person.ts';

type Make = (ports: AdapterPorts) => Adapter;

/**
 * Loads the code of every adapter that is on (a platform's library is large) and gives what makes them, in their order,
 * once the app has what they are made from. A platform's adapter keeps itself open.
 */
export async function loadAdapters(
  config: FixedConfig,
  settings: () => LiveConfig,
  deps: { simulated: boolean; clock: Clock; log: Log; timings: Timings['supervise'] },
): Promise<(parts: AdapterParts) => Adapter[]> {
  const { clock, log, timings } = deps;
  const loaded: { kind: AdapterSetup['kind']; make: Make }[] = [];
  for (const { kind, settings } of config.adapters.values()) {
    const make = settings === null ? undefined : await kind.load?.(settings);
    if (make) loaded.push({ kind, make });
  }
  return (parts) => {
    const made: Adapter[] = [];
    const shared = {
      ...sharedPorts(config, settings, deps, parts),
      entryLink(named?: string) {
        const entry = entryOf(made);
        if (!entry) return undefined;
        return { url: entry.createLink(named ?? onlyPerson(settings())), tunnel: entry.tunnel() };
      },
    };
    for (const { kind, make } of loaded) {
      const onDown = () => parts.lost(kind.name);
      const onBack = () => parts.resume(kind.name);
      const ports = () => ({ ...shared, ...portsOf(kind.name, settings, parts), onDown, onBack });
      made.push(
        kind.isOwn
          ? make({ ...ports(), onLost: (reason) => log.warn({ reason }, `${kind.name} was lost`) })
          : supervise(kind.name, (onLost) => make({ ...ports(), onLost }), {
              clock,
              log,
              timings,
              onDown,
              onUp: onBack,
              madeFrom() {
                const { channels, decidesBy } = ports();
                return [channels().map(({ id }) => id), decidesBy];
              },
            }),
      );
    }
    return made;
  };
}

/** The way into the chat that is served here; null while none is. */
export function entryOf(adapters: readonly Adapter[]): Entry | null {
  return adapters.find(({ entry }) => entry)?.entry ?? null;
}

/** Whoever it is that the settings let in. Error `which-person` where there are several. */
function onlyPerson({ people }: Pick<LiveConfig, 'people'>): PersonId {
  const readers = people.filter(isReader);
  if (readers.length === 1) return readers[0]!.id;
  const names = readers.map(({ id, name }) => (id === name ? id : `${id} (${name})`));
  throw new BotError(
    'which-person',
    names.length === 0 ? 'There is nobody in people: of xaxbot.yaml.' : `There are ${names.join(', ')}.`,
    `Name whose link it is to be: "${shellCommand('web-link PERSON')}".`,
  );
}

/** What is the same for every adapter. */
function sharedPorts(
  config: FixedConfig,
  settings: () => LiveConfig,
  { simulated, clock, log }: { simulated: boolean; clock: Clock; log: Log },
  { db, fileAt, people, webLogins, mask, health }: AdapterParts,
) {
  return {
    actions: createActions(db, clock),
    chat: createChatStore(db, clock, mask),
    webLogins,
    health,
    personById: people.byId,
    hostPerson: () => hostPerson({ ...config, ...settings() }),
    agent: (id: string) => agentNamed(settings().people, id),
    agentSettings: () => agentSettingsOf({ ...config, ...settings() }),
    fileAt,
    dataDir: config.dataDir,
    about: () => ({ hostLabel: settings().hostLabel, simulated }),
    proxied: config.proxied,
    timezone: () => settings().timezone,
    clock,
    log,
  };
}

/** What is an adapter's own: its channels, and who its accounts are. */
function portsOf(name: string, settings: () => LiveConfig, { db, people }: AdapterParts) {
  const channels = () => settings().channels.filter(({ adapter }) => adapter === name);
  return {
    channels,
    decidesBy: {
      groups: settings().groups.flatMap(({ identities }) => identities[name] ?? []),
      closedChannels: channels().some(({ members }) => members === 'by-room'),
    },
    uploads: createUploads(db, name),
    kept: createKeptValues(db, name),
    nameOf: (account: string) => people.byAccount(name, account)?.name,
    authorOf: (account: Parameters<AdapterPorts['authorOf']>[0]) => people.authorOf(name, account),
    person: (account: Account, room: Room) =>
      people.ofAccount(name, account, membersIn(room, channels()), membersOnQueues(room, channels())),
    accountOf: (person: string) => people.accountOf(person, name),
  };
}
