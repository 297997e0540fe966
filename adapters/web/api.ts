import type { Socket } from 'node:net';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AdapterHandlers, Invocation } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import type { FileRef } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { WebLogins } from '../../src/core/web-logins.ts';
import { addAsking } from './asking.ts';
import { createEntering } from './entering.ts';
import type { EntryCodes } from './entry-codes.ts';
import { refusal } from './guard.ts';
import type { InteractionAnswer } from './interactions.ts';
import { createPlaces, type WebChannel } from './places.ts';
import { addReading } from './reading.ts';
import { bodyAsSigned, CHALLENGE_HEADER, type Proving, type Signed, signedIn } from './signing-in.ts';
import type { Streams } from './streams.ts';
import type { WrongCodes } from './wrong-codes.ts';

/** A request's body, bytes; a form's longest text fits many times. */
const BODY_MAX = 256 * 1024;
/** The same of one that lets somebody in: a code and a key. */
const ENTER_BODY_MAX = 4 * 1024;

export interface ApiDeps extends Proving {
  store: ChatStore;
  logins: WebLogins;
  codes: EntryCodes;
  wrongCodes: WrongCodes;
  streams: Streams;
  handlers: AdapterHandlers;
  interact(
    handlers: AdapterHandlers,
    invocation: Invocation,
    request: AbortSignal,
  ): Promise<InteractionAnswer>;
  channels(): readonly WebChannel[];
  personById(id: string): Person | undefined;
  welcome(connection: Socket): void;
  fileAt(file: FileRef): Promise<string | undefined>;
  about(): { hostLabel: string; simulated: boolean };
}

/** What the page asks of the server; every route but the entry, and the challenge to sign it with, needs a login. A body is read once it is known whose it is. */
export function createApi(deps: ApiDeps): Hono<Signed> {
  const { store, logins, channels } = deps;
  const api = new Hono<Signed>();

  api.use(async (context, next) => {
    await next();
    context.res.headers.set('cache-control', 'no-store');
  });
  // A page that has none yet would else begin with a request that is refused, which browsers note as an error.
  api.get('/challenge', (context) => context.body(null, 204, { [CHALLENGE_HEADER]: deps.challenges.make() }));
  api.post('/enter', atMost(ENTER_BODY_MAX), createEntering(deps));
  api.use(signedIn(deps), atMost(BODY_MAX), bodyAsSigned);

  api.post('/leave', (context) => {
    logins.remove(context.get('login'));
    return context.json({});
  });

  const places = createPlaces(channels, store);
  addReading(api, { ...deps, places });
  addAsking(api, { ...deps, places });
  return api;
}

function atMost(bytes: number) {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw refusal(
        413,
        'too-long',
        `That is more than ${bytes / 1024} KiB.`,
        'Shorten it; nothing was kept.',
      );
    },
  });
}
