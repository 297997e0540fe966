import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Hono } from 'hono';
import type { AdapterHandlers } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { BotError } from '../../src/core/errors.ts';
import type { FileRef } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { WebLogins } from '../../src/core/web-logins.ts';
import { refusal } from './guard.ts';
import type { Places } from './places.ts';
import { SAY_MAX, wholeNumber } from './requests.ts';
import type { Signed } from './signing-in.ts';
import { mayRead, messageEvent, type Streams } from './streams.ts';

const PAGE_SIZE = 50;
const PAGE_MAX = 200;
/** A page that missed more than this reloads instead: messages, and characters of them. */
const RESUME_MAX = 500;
const RESUME_SIZE_MAX = 1024 * 1024;

const FILE_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

/** The routes by which a page reads: who it is, channels, threads, what changes, files. */
export function addReading(
  api: Hono<Signed>,
  deps: {
    store: ChatStore;
    streams: Streams;
    places: Places;
    logins: Pick<WebLogins, 'find'>;
    personById(id: string): Person | undefined;
    handlers: Pick<AdapterHandlers, 'commandsFor' | 'looked'>;
    fileAt(file: FileRef): Promise<string | undefined>;
    about(): { hostLabel: string; simulated: boolean };
  },
): void {
  const { store, streams, logins, personById } = deps;
  const { channelsOf, inChannel } = deps.places;

  api.get('/state', (context) => {
    const { id, name, role } = context.get('person');
    const commands = deps.handlers.commandsFor(context.get('person')).map((command) => command.name);
    return context.json({
      me: { id, name, role },
      channels: channelsOf(context.get('person')),
      ...deps.about(),
      commands,
      longestMessage: SAY_MAX,
      seq: store.latestSeq(),
      newest: store.newestId(),
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
      throw refusal(404, 'unknown-thread', 'That thread does not exist.', 'Reload the page.');
    inChannel(message.channel, context.get('person'));
    deps.handlers.looked({
      adapter: 'web',
      message: { channel: message.channel, id: String(message.id) },
      who: () => context.get('person'),
    });
    return context.json({ root: message, messages: store.thread(message.id) });
  });

  api.get('/stream', (context) => {
    const after = wholeNumber(context.req.query('after')) ?? 0;
    const missed = store.since(after, RESUME_MAX + 1);
    if (!missed || missed.length > RESUME_MAX) return context.json({ reload: true });
    const login = context.get('login');
    const personId = context.get('person').id;
    const mayListen = () => logins.find(login) !== undefined && personById(personId) !== undefined;
    const theirs = missed.filter(({ channel }) => mayRead(personId, channel));
    const events = theirs.map(messageEvent).join('');
    if (events.length > RESUME_SIZE_MAX) return context.json({ reload: true });
    if (streams.isFull())
      throw refusal(429, 'too-many', 'Too many pages of this chat are open.', 'Close some, or try later.');
    const { outgoing } = context.env;
    const hangUp = () => void (outgoing.writableFinished || outgoing.destroy());
    return new Response(streams.open({ personId, mayListen, hangUp }, events), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  });

  api.get('/files/:name', async (context) => {
    const name = context.req.param('name');
    const path = await deps.fileAt({ file: name }).catch((error) => {
      throw error instanceof BotError ? refusal(404, error.code, error.message, error.hint ?? '') : error;
    });
    const bytes = path === undefined ? undefined : await readFile(path).catch(() => undefined);
    if (!bytes)
      throw refusal(
        404,
        'unknown-file',
        'That file is no longer kept.',
        'It may have been deleted; ask for it again.',
      );
    const type = FILE_TYPES[extname(name)] ?? 'application/octet-stream';
    const disposition = type === 'image/png' ? 'inline' : 'attachment';
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': type,
      'content-disposition': disposition,
    });
  });
}
