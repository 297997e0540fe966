import type { Hono } from 'hono';
import { z } from 'zod';
import type { AdapterHandlers, Invocation } from '../../src/core/adapter.ts';
import type { ChatStore } from '../../src/core/chat-store.ts';
import { BotError } from '../../src/core/errors.ts';
import { textMessage } from '../../src/core/message.ts';
import { allows } from '../../src/core/person.ts';
import { withoutBackticks } from '../../src/core/quoting.ts';
import { refusal } from './guard.ts';
import type { InteractionAnswer } from './interactions.ts';
import type { Places } from './places.ts';
import { editPressed } from './pressed.ts';
import { body, SAY_MAX, wholeNumber } from './requests.ts';
import type { Signed } from './signing-in.ts';
import type { Streams } from './streams.ts';

const place = { channel: z.string(), thread: z.number().int().nullable().default(null) };
/** What the page was asked by, so that it is done once. */
const pressId = z.string().min(1).max(100);
const sayBody = z.object({ ...place, text: z.string(), id: pressId.optional() });
/** What a button or a form asks for. */
export const actBody = z.object({
  ...place,
  command: z.string(),
  options: z.record(z.string(), z.string()),
  press: z
    .object({ kind: z.enum(['button', 'form']), id: pressId, replaces: z.boolean().default(false) })
    .optional(),
  unseen: z.boolean().default(false),
});
const suggestBody = z.object({
  ...place,
  command: z.string(),
  option: z.string(),
  typed: z.string().max(SAY_MAX),
  given: z.record(z.string(), z.string()),
});

/** The routes by which somebody asks for something: typed, by a button, by a form, and what helps with typing. */
export function addAsking(
  api: Hono<Signed>,
  deps: {
    store: ChatStore;
    streams: Streams;
    places: Places;
    handlers: AdapterHandlers;
    interact(
      handlers: AdapterHandlers,
      invocation: Invocation,
      request: AbortSignal,
    ): Promise<InteractionAnswer>;
  },
): void {
  const { store, streams, handlers } = deps;
  const { inChannel, root } = deps.places;

  api.post('/say', async (context) => {
    const { channel, thread, text, id } = await body(context.req, sayBody);
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
      const press = id === undefined ? undefined : { kind: 'words' as const, id };
      return context.json(
        await deps.interact(
          handlers,
          { adapter: 'web', ...where, person, input, press },
          context.req.raw.signal,
        ),
      );
    }
    if (words.startsWith('/'))
      throw refusal(400, 'unknown-command', 'Commands begin with /xax.', '"/xax help" lists them.');
    if (!allows(person.role, 'operator'))
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
    const { channel, thread, command, options, press, unseen } = await body(context.req, actBody);
    const where = { channel: inChannel(channel, context.get('person')), thread: root(thread, channel) };
    const person = context.get('person');
    const input = { kind: 'options' as const, command, options };
    const button = { command, options };
    const edit = press && editPressed(deps, { ...press, channel, thread, person, button });
    return context.json(
      await deps.interact(
        handlers,
        { adapter: 'web', ...where, person, input, unseen, press: press && { ...press, edit } },
        context.req.raw.signal,
      ),
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
}
