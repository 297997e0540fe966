import type { Requester } from '../request.ts';

/** An account that asks to be somebody's. */
export interface LinkAsker {
  name: string;
  id: string;
  /** What people call its platform. */
  where: string;
}

/**
 * Links an account to a person, with a code from one adapter that is entered at another. Whoever gives their role away is told
 * which account asks for it, and confirms.
 */
export interface LinksService {
  /** A code that works once, for ten minutes, and what to type where, of all other adapters. `gives`: it is theirs to confirm. */
  begin(requester: Requester): {
    code: string;
    elsewhere: { line: string; where: readonly string[] }[];
    gives: boolean;
  };
  /**
   * The code is entered at another adapter. `confirmIn`: where `person`, who gives their role away, is asked to confirm; null: they
   * are the one who entered it. Errors `link-code`, `link-nobody`, `link-same`.
   */
  claim(code: string, requester: Requester): { person: string; asker: LinkAsker; confirmIn: string | null };
  /** Whoever gives their role away confirms. Errors `link-code`, `link-unclaimed`. */
  confirm(code: string, requester: Requester): { person: string; account: LinkAsker };
  /** Unlinks the account at this adapter; returns whether it was linked. */
  remove(requester: Requester): boolean;
}
