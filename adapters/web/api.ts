import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { type AdapterHandlers, DIRECT, type Invocation } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { clip } from '../../src/core/clip.ts';
import { BotError } from '../../src/core/errors.ts';
import { type FileRef, textMessage } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import { withoutBackticks } from '../../src/core/quoting.ts';
import type { MessageRef } from '../../src/core/request.ts';
import type { Clock } from '../../src/core/time.ts';
import { refusal, type Signed, signedIn } from './guard.ts';
import type { InteractionAnswer } from './interactions.ts';
import { mayRead, type Streams } from './streams.ts';

/** A request's body, bytes; a form's longest text fits many times. */
const BODY_MAX = 256 * 1024;
/** The longest message a person may write, characters. */
const SAY_MAX = 20_000;
const PAGE_SIZE = 50;
const PAGE_MAX = 200;
/** A page that missed more than this loads anew instead. */
const RESUME_MAX = 500;
/** Tries at links a minute, for all together: a token has 256 bits, this is for the log's sake. */
const ENTER_PER_MINUTE = 30;

const FILE_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

export interface WebChannel {
  id: string;
  title: string;
  description: string;
}

export interface ApiDeps {
  store: ChatStore;
  streams: Streams;
  handlers: AdapterHandlers;
  interact(handlers: AdapterHandlers, invocation: Invocation): Promise<InteractionAnswer>;
  channels: readonly WebChannel[];
  personById(id: string): Person | undefined;
  pathOf(file: FileRef): string | undefined;
  about: { hostLabel: string; simulated: boolean };
  clock: Clock;
}

const place = { channel: z.string(), thread: z.number().int().nullable().default(null) };
const sayBody = z.object({ ...place, text: z.string() });
const actBody = z.object({ ...place, command: z.string(), options: z.record(z.string(), z.string()) });
const suggestBody = z.object({
  ...place,
  command: z.string(),
  option: z.string(),
  typed: z.string().max(SAY_MAX),
  given: z.record(z.string(), z.string()),
});

/** What the page asks of the server; every route but the entry needs a session. */
export function createApi(deps: ApiDeps): Hono<Signed> {
  const { store, streams, handlers, channels, clock } = deps;
  const api = new Hono<Signed>();
  let entries: number[] = [];

  /** Everybody's channels, and the one in which the bot talks to this person alone. */
  const channelsOf = ({ id }: Person): WebChannel[] => [
    ...channels,
    { id: `${DIRECT}${id}`, title: 'Only you', description: 'What xaxbot tells you alone' },
  ];
  const inChannel = (id: string | undefined, person: Person) => {
    const channel = channelsOf(person).find((each) => each.id === id);
    if (channel) return channel.id;
    throw refusal(
      404,
      'unknown-channel',
      `There is no channel "${clip(String(id), 60)}".`,
      `There are: ${channels.map((each) => each.id).join(', ')}.`,
    );
  };
  const root = (id: number | null, channel: string): MessageRef | undefined => {
    if (id === null) return undefined;
    const message = store.byId(id);
    if (message?.channel === channel && message.thread === null) return { channel, id: String(id) };
    throw refusal(404, 'unknown-thread', 'That thread does not exist.', 'Load the page again.');
  };
  const body = async <T>(request: { json(): Promise<unknown> }, schema: z.ZodType<T>): Promise<T> => {
    const parsed = schema.safeParse(await request.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw refusal(
      400,
      'bad-request',
      'The request is not understood.',
      'Load the page again; it may be older than the bot.',
    );
  };

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
        'This link was used already, or is older than ten minutes.',
        'Ask for another: "xaxbot web-link YOUR-NAME" on the host.',
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

  api.get('/state', (context) => {
    const { id, name, role } = context.get('person');
    return context.json({
      me: { id, name, role },
      channels: channelsOf(context.get('person')),
      ...deps.about,
      longestMessage: SAY_MAX,
      seq: store.latestSeq(),
    });
  });

  api.get('/messages', (context) => {
    const { channel, before, limit } = context.req.query();
    const count = Math.min(PAGE_MAX, Math.max(1, wholeNumber(limit) ?? PAGE_SIZE));
    const messages = store.page(
      inChannel(channel, context.get('person')),
      wholeNumber(before) ?? null,
      count,
    );
    return context.json({ messages, more: messages.length === count });
  });

  api.get('/thread', (context) => {
    const message = store.byId(wholeNumber(context.req.query('root')) ?? 0);
    if (!message || message.thread !== null)
      throw refusal(404, 'unknown-thread', 'That thread does not exist.', 'Load the page again.');
    inChannel(message.channel, context.get('person'));
    return context.json({ root: message, messages: store.thread(message.id) });
  });

  api.get('/stream', (context) => {
    const after = wholeNumber(context.req.query('after')) ?? 0;
    const missed = store.since(after, RESUME_MAX + 1);
    if (missed.length > RESUME_MAX) return context.json({ reload: true });
    const token = context.get('token');
    const listener = {
      personId: context.get('person').id,
      mayListen: () => personOf(token) !== undefined,
    };
    const theirs = missed.filter(({ channel }) => mayRead(listener.personId, channel));
    return new Response(streams.open(listener, theirs), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  });

  api.post('/say', async (context) => {
    const { channel, thread, text } = await body(context.req, sayBody);
    const where = { channel: inChannel(channel, context.get('person')), thread: root(thread, channel) };
    const person = context.get('person');
    const words = text.trim();
    if (words === '') throw refusal(400, 'empty', 'There is nothing to send.', 'Write something first.');
    if (words.length > SAY_MAX) {
      throw refusal(
        413,
        'too-long',
        `That message has ${words.length} characters; at most ${SAY_MAX} are accepted.`,
        'Shorten it; nothing was sent.',
      );
    }
    const command = withoutBackticks(words);
    if (/^\/xax(\s|$)/.test(command)) {
      const input = { kind: 'text' as const, words: command.slice('/xax'.length).trim() };
      return context.json(await deps.interact(handlers, { adapter: 'web', ...where, person, input }));
    }
    if (words.startsWith('/'))
      throw refusal(400, 'unknown-command', 'Commands begin with /xax.', '"/xax help" lists them.');
    if (person.role === null || person.role === 'viewer')
      throw refusal(
        403,
        'not-allowed',
        'Writing here needs the role operator.',
        'An admin can change that in xaxbot.yaml.',
      );
    const { changed } = store.post({
      channel,
      thread,
      author: { id: person.id, name: person.name },
      message: textMessage(words),
      key: `say:${crypto.randomUUID()}`,
    });
    streams.broadcast(changed);
    return context.json({ reply: null });
  });

  api.post('/act', async (context) => {
    const { channel, thread, command, options } = await body(context.req, actBody);
    const where = { channel: inChannel(channel, context.get('person')), thread: root(thread, channel) };
    const input = { kind: 'options' as const, command, options };
    return context.json(
      await deps.interact(handlers, { adapter: 'web', ...where, person: context.get('person'), input }),
    );
  });

  api.post('/form', async (context) => {
    const { channel, thread, command, options } = await body(context.req, actBody);
    const where = { channel: inChannel(channel, context.get('person')), thread: root(thread, channel) };
    const input = { kind: 'options' as const, command, options };
    try {
      return context.json(
        await handlers.form(
          { adapter: 'web', ...where, person: context.get('person'), input },
          command,
          options,
        ),
      );
    } catch (error) {
      if (error instanceof BotError) throw refusal(400, error.code, error.message, error.hint ?? '');
      throw error;
    }
  });

  api.post('/suggest', async (context) => {
    const { channel, thread, ...asked } = await body(context.req, suggestBody);
    const where = { channel: inChannel(channel, context.get('person')), thread: root(thread, channel) };
    const completions = await handlers.suggest(
      { adapter: 'web', ...where, person: context.get('person') },
      asked,
    );
    return context.json({ completions });
  });

  api.get('/complete', async (context) => {
    const { channel, thread, words = '' } = context.req.query();
    const id = inChannel(channel, context.get('person'));
    const where = { channel: id, thread: root(thread ? (wholeNumber(thread) ?? 0) : null, id) };
    const completions = await handlers.complete(
      { adapter: 'web', ...where, person: context.get('person') },
      words.slice(0, SAY_MAX),
    );
    return context.json({ completions });
  });

  api.get('/files/:name', async (context) => {
    const name = context.req.param('name');
    const path = deps.pathOf({ file: name });
    const bytes = path === undefined ? undefined : await readFile(path).catch(() => undefined);
    if (!bytes)
      throw refusal(
        404,
        'unknown-file',
        'That file is not kept.',
        'It may have been cleaned away; ask for it again.',
      );
    const type = FILE_TYPES[extname(name)] ?? 'application/octet-stream';
    const disposition = type === 'image/png' ? 'inline' : 'attachment';
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': type,
      'content-disposition': disposition,
    });
  });

  return api;
}

/** A number of a query; undefined for what is none, so that the default holds. */
function wholeNumber(text: string | undefined): number | undefined {
  const number = Math.trunc(Number(text || Number.NaN));
  return Number.isSafeInteger(number) ? number : undefined;
}
