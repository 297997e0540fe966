import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { AdapterHandlers, Invocation } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import type { FileRef } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { Clock } from '../../src/core/time.ts';
import { addAsking } from './asking.ts';
import { refusal, type Signed, signedIn } from './guard.ts';
import type { InteractionAnswer } from './interactions.ts';
import { createPlaces, type WebChannel } from './places.ts';
import { addReading } from './reading.ts';
import { body } from './requests.ts';
import type { Streams } from './streams.ts';

/** A request's body, bytes; a form's longest text fits many times. */
const BODY_MAX = 256 * 1024;
/** Tries at links a minute, for all together: a token has 256 bits, this is for the log's sake. */
const ENTER_PER_MINUTE = 30;

export interface ApiDeps {
  store: ChatStore;
  streams: Streams;
  handlers: AdapterHandlers;
  interact(
    handlers: AdapterHandlers,
    invocation: Invocation,
    request: AbortSignal,
  ): Promise<InteractionAnswer>;
  channels: readonly WebChannel[];
  personById(id: string): Person | undefined;
  pathOf(file: FileRef): string | undefined;
  about: { hostLabel: string; simulated: boolean };
  clock: Clock;
}

/** What the page asks of the server; every route but the entry needs a session. */
export function createApi(deps: ApiDeps): Hono<Signed> {
  const { store, streams, channels, clock } = deps;
  const api = new Hono<Signed>();
  let entries: number[] = [];

  api.use(
    bodyLimit({
      maxSize: BODY_MAX,
      onError: () => {
        throw refusal(
          413,
          'too-long',
          `That is more than ${BODY_MAX / 1024} KiB.`,
          'Shorten it; nothing was kept.',
        );
      },
    }),
  );
  api.use(async (context, next) => {
    await next();
    context.res.headers.set('cache-control', 'no-store');
  });

  api.post('/enter', async (context) => {
    entries = entries.filter((at) => at > clock() - 60_000);
    if (entries.length >= ENTER_PER_MINUTE)
      throw refusal(429, 'too-many', 'Too many tries.', 'Wait a minute.');
    entries.push(clock());
    const { token } = await body(context.req, z.object({ token: z.string().max(200) }));
    const session = store.enter(token);
    if (session === undefined) {
      throw refusal(
        403,
        'link-used',
        'This link has been used, or is older than ten minutes.',
        'Get another: "xaxbot web-link YOUR-NAME" on the host.',
      );
    }
    return context.json({ session });
  });

  const personOf = (token: string) => {
    const id = store.sessionPerson(token);
    return id === undefined ? undefined : deps.personById(id);
  };
  api.use(signedIn(personOf));

  api.post('/leave', (context) => {
    store.leave(context.get('token'));
    streams.dropStrangers();
    return context.json({});
  });

  const places = createPlaces(channels, store);
  addReading(api, { ...deps, places, personOf });
  addAsking(api, { ...deps, places });
  return api;
}
