import type { PersonId } from './message.ts';
import type { Person } from './person.ts';

/** A message on a platform: enough to edit it and to open its thread. Plain JSON, kept in the database. */
export interface MessageRef {
  channel: string;
  id: string;
}

/** Where something is said: a channel of an adapter. */
export interface Destination {
  adapter: string;
  channel: string;
}

/** Somebody at an adapter. */
export interface Requester {
  person: Person;
  adapter: string;
  /** The account they came by, at an adapter that has accounts of its own. */
  account?: { id: string; name: string } | undefined;
}

/** How long whoever asks stays for an answer, where a command may wait for something; milliseconds, Infinity for as long as it takes. */
export interface Patience {
  /** Unless they say for how long. */
  usualMs: number;
  /** At most, whatever they say. */
  maxMs: number;
  /** Aborted when they have gone. */
  gone: AbortSignal;
}

/** Who asks for something, and where. */
export interface RequestContext extends Requester, Destination {
  /** The message whose thread it was asked in. */
  thread?: MessageRef | undefined;
  /** Absent in a chat, which is answered at once: what happens is said there when it does. */
  patience?: Patience | undefined;
}

/** Something that somebody said, which another act is about: the message that is to be kept as a note. */
export interface Quoted {
  author: { id: PersonId; name: string };
  text: string;
  /** Epoch milliseconds. */
  at: number;
  /** Leads back to the message; empty where the platform gives no address. */
  link: string;
  /** Names the message on its platform, so that it is kept once. */
  id: string;
}
