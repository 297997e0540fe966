import type { PersonId } from '../message.ts';
import type { Requester } from '../request.ts';

/** Makes an account and a person one, with a code that is given at one adapter and used at another. */
export interface LinksService {
  /** A code, good once and for ten minutes. */
  begin(requester: Requester): string;
  /** The code is given at another adapter; whoever began is asked there. Errors `link-code`, `link-nobody`, `link-same`. */
  claim(code: string, requester: Requester): { first: string; person: PersonId };
  /** Whoever began says yes. Errors `link-code`, `link-unclaimed`. */
  confirm(code: string, requester: Requester): { person: PersonId; platform: string; account: string };
  /** Takes apart what was linked at this adapter; whether it was. */
  remove(requester: Requester): boolean;
}
