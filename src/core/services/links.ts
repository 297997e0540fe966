import type { PersonId } from '../message.ts';
import type { Requester } from '../request.ts';

/** Links an account to a person, with a code from one adapter that is entered at another. */
export interface LinksService {
  /** A code that works once, for ten minutes, and what to type where, of all other adapters. */
  begin(requester: Requester): { code: string; elsewhere: { line: string; where: readonly string[] }[] };
  /** The code is entered at another adapter; the person who started is asked to confirm there. Errors `link-code`, `link-nobody`, `link-same`. */
  claim(code: string, requester: Requester): { first: string; person: PersonId };
  /** The person who started confirms. Errors `link-code`, `link-unclaimed`. */
  confirm(code: string, requester: Requester): { person: PersonId; platform: string; account: string };
  /** Unlinks the account at this adapter; returns whether it was linked. */
  remove(requester: Requester): boolean;
}
