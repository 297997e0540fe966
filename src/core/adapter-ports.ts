import type { Account, EntryLink, Room } from './adapter.ts';
import type { ChatStore } from './chat-store.ts';
import type { Log } from './log.ts';
import type { Button, FileRef, PersonId } from './message.ts';
import type { AgentSettings } from './offered.ts';
import type { Person } from './person.ts';
import type { HealthItem } from './services/health.ts';
import type { Clock } from './time.ts';
import type { WebLogins } from './web-logins.ts';

/** What a button does; plain JSON. */
export type Action = Pick<Button, 'command' | 'options'> & { form: boolean; replaces: boolean };

/** What buttons do, by a short id, for platforms whose buttons carry no more. The same action has the same id. */
export interface Actions {
  idOf(action: Action): string;
  /** undefined for an id that was never given out, or too long ago. */
  byId(id: string): Action | undefined;
}

/** Files that were given to a platform for a message, so that they are not given twice and can be taken away. */
export interface Uploads {
  /** The platform's id of a file that was uploaded for this message. */
  find(message: string, file: string): string | undefined;
  add(message: string, file: string, remote: string): void;
  /** What was uploaded for a message. */
  of(message: string): { file: string; remote: string }[];
  remove(message: string, file: string): void;
}

/** What an adapter remembers of its platform across restarts: small plain JSON by name. */
export interface KeptValues {
  /** What was set last; undefined where nothing was. */
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

/** A channel of the settings, as an adapter needs it. */
export interface AdapterChannel {
  id: string;
  title: string;
  description: string;
  /** What is said in the threads of its cards is kept. */
  capturesThreads: boolean;
}

/**
 * What an adapter may be built from; each takes what it needs. What the settings say may change while it is open, and is asked for
 * whenever it is needed; an adapter with a platform behind it is made anew when its channels or `decidesBy` change.
 */
export interface AdapterPorts {
  channels(): readonly AdapterChannel[];
  actions: Actions;
  uploads: Uploads;
  kept: KeptValues;
  /** The chat that is kept here, for an adapter without a platform behind it. */
  chat: ChatStore;
  /** Who is signed in to it. */
  webLogins: WebLogins;
  /** Somebody of `people:` by their id. */
  personById(id: PersonId): Person | undefined;
  /** The person who runs the bot on its host. */
  hostPerson(): Person;
  /** Somebody of role agent; throws BotError for everybody else. */
  agent(id: PersonId): Person;
  /** What agents are offered. */
  agentSettings(): AgentSettings;
  /** What of accounts and channels the settings decide by, so that a platform is asked for nothing else. */
  decidesBy: {
    /** The platform's ids of the groups that give a role. */
    groups: readonly string[];
    /** Whether a channel is closed makes a difference. */
    closedChannels: boolean;
  };
  /** Who an account is and what it may do where it speaks, by what its platform says of it. */
  person(account: Account, room: Room): Person;
  /** Whose words an account's are; nothing is said of what they may do. */
  authorOf(account: Pick<Account, 'id' | 'name'>): Pick<Person, 'id' | 'name'>;
  /** What an account is called by the settings, or was when it was linked; undefined for everybody else. */
  nameOf(account: string): string | undefined;
  /** A person's account on this platform; undefined where they have none. */
  accountOf(person: PersonId): string | undefined;
  /**
   * A single-use link that lets somebody into the chat that is kept here, by default the only person there is; undefined while that is off.
   * Errors `unknown-person`, and `which-person` where there are several.
   */
  entryLink(person?: PersonId): EntryLink | undefined;
  /** Where a kept file lies, undefined where there is none of that name. A chart's picture is drawn if it was not; error `chart` if it cannot be. */
  fileAt(file: FileRef): Promise<string | undefined>;
  /** The health of the whole bot, once it has started. */
  health(): readonly HealthItem[];
  /** The bot's folder on its host. */
  dataDir: string;
  /** What the bot serves: its host's name, and whether its queue is no real one. */
  about(): { hostLabel: string; simulated: boolean };
  /** Connections go through the proxy that the environment names. */
  proxied: boolean;
  /** The host's IANA zone, where a platform has no way to show a time in its reader's. */
  timezone(): string;
  clock: Clock;
  log: Log;
  /** The platform is not reached any more. */
  onDown(): void;
  /** The platform is reached again after it was not: what waited may be said. */
  onBack(): void;
  /** The adapter cannot continue on its own and asks to be reopened. */
  onLost(reason: string): void;
}
