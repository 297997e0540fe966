import type { PrivilegedIntent } from './bits.ts';
import type { CommandStore } from './commands.ts';
import type { Json } from './form.ts';
import type { Gateway } from './gateway.ts';
import type { Interactions } from './open-interactions.ts';
import type { SessionStarts } from './session-starts.ts';
import type { World } from './world.ts';

/** What the server's parts share. */
export interface Context {
  world: World;
  gateway: Gateway;
  commands: CommandStore;
  interactions: Interactions;
  sessionStarts: SessionStarts;
  /** Privileged intents switched on for the application. */
  approved: ReadonlySet<PrivilegedIntent>;
  /** `http://127.0.0.1:PORT` */
  origin(): string;
  /** Whether this is the bot's token and it has not been revoked. */
  tokenIsGood(token: string | undefined): boolean;
  /** Largest file accepted, bytes. */
  fileLimit: number;
  /** Makes of what people do another payload, once: as one who could forge it would. */
  forge: ((payload: Json) => Json) | undefined;
  /** Times of edits to messages older than an hour, by channel. */
  oldEdits: Map<string, number[]>;
}
