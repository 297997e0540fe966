import type { Socket } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import type { Person } from '../../src/core/person.ts';
import { shellCommand } from '../../src/core/shell-command.ts';
import type { WebLogins } from '../../src/core/web-logins.ts';
import type { Challenges } from './challenges.ts';
import type { Counts } from './counts.ts';
import { refusal } from './guard.ts';
import { digestOf, isSigned, readKey, readProof } from './proof.ts';

export interface Signed {
  Bindings: HttpBindings;
  Variables: { person: Person; login: string; digest: string };
}

/** Names the challenge to sign: to who asks for one, and in the answer to a request that was signed with none, or with an old one. */
export const CHALLENGE_HEADER = 'xaxbot-challenge';

/** What proofs are checked by; of one start of the chat. */
export interface Proving {
  challenges: Challenges;
  counts: Counts;
}

/**
 * The proof of a request, as far as it can be told without the key: signed for this process, lately, and not seen before.
 * Nothing was done for a request that is answered with a challenge: it may be signed again.
 */
export function freshProof(header: string | undefined, { challenges, counts }: Proving) {
  const proof = readProof(header);
  if (!proof) throw notSignedIn();
  const madeAt = challenges.madeAt(proof.challenge);
  const counted = { ...proof, madeAt: madeAt ?? 0 };
  if (madeAt === undefined || !counts.isOpen(counted)) {
    throw refusal(401, 'new-challenge', 'This request is not signed for now.', 'Sign it again.', {
      [CHALLENGE_HEADER]: challenges.make(),
    });
  }
  if (!counts.isNew(counted))
    throw refusal(401, 'replayed', 'This request was sent before.', 'Nothing was done for it again.');
  return counted;
}

/** Lets the request through, once, if this key signed it. */
export function mustBeSigned(
  proof: ReturnType<typeof freshProof>,
  { method, url }: Request,
  publicKey: string,
  { counts }: Pick<Proving, 'counts'>,
): void {
  const { pathname, search } = new URL(url);
  const key = readKey(publicKey);
  if (!key || !isSigned(proof, method, `${pathname}${search}`, key)) throw notSignedIn();
  counts.add(proof);
}

/** Lets through who is signed in: the request is signed by the key of a login, and of a body only its digest is needed yet. */
export function signedIn(
  deps: Proving & {
    logins: WebLogins;
    personById(id: string): Person | undefined;
    /** Keeps a connection on which somebody has signed a request. */
    welcome(connection: Socket): void;
  },
): MiddlewareHandler<Signed> {
  return async (context, next) => {
    const proof = freshProof(context.req.header('authorization'), deps);
    const login = deps.logins.find(proof.login);
    const person = login && deps.personById(login.person);
    if (!person) throw notSignedIn();
    mustBeSigned(proof, context.req.raw, login.publicKey, deps);
    deps.logins.use(login);
    deps.welcome(context.env.incoming.socket);
    context.set('person', person);
    context.set('login', login.id);
    context.set('digest', proof.digest);
    await next();
  };
}

/** Takes a body only as it was signed. */
export const bodyAsSigned: MiddlewareHandler<Signed> = async (context, next) => {
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  if (digestOf(bytes) !== context.get('digest')) throw notSignedIn();
  await next();
};

export function notSignedIn() {
  return refusal(
    401,
    'not-signed-in',
    'You are not signed in.',
    `Get a link: "${shellCommand('web-link')}" on the host.`,
  );
}
