import type { Context } from '../context.ts';
import { type Draft, readDraft } from '../draft.ts';
import { refuse } from '../errors.ts';
import { createForm } from '../form.ts';
import { MESSAGE } from '../limits.ts';
import { addMessage, changeMessage, countOldEdit, findByNonce, removeMessage, written } from '../messages.ts';
import { messagePayload } from '../payloads/message.ts';
import type { Router } from '../router.ts';
import { type Channel, channelForBot, may, type StoredMessage } from '../world.ts';

/** resources/channel: Channel Types. */
const FORUM = 15;

/** Messages of the bot, and those it may read. */
export function messageRoutes(api: Router, context: Context): void {
  const { world } = context;
  const found = (channel: Channel, id: string): StoredMessage => {
    const message = channel.messages.get(id);
    if (!message || message.onlyFor !== null) throw refuse(10008);
    return message;
  };
  const shown = (message: StoredMessage) => messagePayload(context, message, 'rest');

  api.get('/channels/:channel/messages', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    // Without READ_MESSAGE_HISTORY no messages are returned (resources/message: Get Channel Messages).
    if (!may(world, channel, world.bot.id, 'READ_MESSAGE_HISTORY')) return c.json([]);
    return c.json(page(channel, c.req.query()).map(shown));
  });
  api.get('/channels/:channel/messages/:message', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    if (!may(world, channel, world.bot.id, 'READ_MESSAGE_HISTORY')) throw refuse(50001);
    return c.json(shown(found(channel, c.req.param('message'))));
  });
  api.post('/channels/:channel/messages', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    checkPlace(context, channel);
    if (channel.type === FORUM) throw refuse(50008);
    const draft = readDraft({ body: c.get('body'), voice: 'message', current: null, newId: world.newId });
    checkParts(context, channel, draft);
    const earlier = findByNonce(context, channel, draft);
    if (earlier) return c.json(shown(earlier));
    const place = { channel: channel.id, onlyFor: null, replyTo: draft.replyTo };
    const parts = written(context, draft, place);
    return c.json(
      shown(addMessage(context, channel, { author: world.bot.id, nonce: draft.nonce, ...parts })),
    );
  });
  api.patch('/channels/:channel/messages/:message', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    const message = found(channel, c.req.param('message'));
    if (message.author !== world.bot.id) throw refuse(50005);
    if (channel.archived) throw refuse(50083);
    const draft = readDraft({ body: c.get('body'), voice: 'message', current: message, newId: world.newId });
    checkFiles(context, channel, draft.attachments.length - message.attachments.length);
    countOldEdit(context, message);
    changeMessage(context, message, draft);
    return c.json(shown(message));
  });
  api.delete('/channels/:channel/messages/:message', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    const message = found(channel, c.req.param('message'));
    if (message.author !== world.bot.id && !may(world, channel, world.bot.id, 'MANAGE_MESSAGES'))
      throw refuse(50013);
    removeMessage(context, message);
    return c.body(null, 204);
  });
}

function checkPlace(context: Context, channel: Channel): void {
  const { world } = context;
  if (channel.kind === 'dm') {
    const recipient = world.users.get(channel.recipient!);
    const together = world.members.has(channel.recipient!) && world.members.has(world.bot.id);
    if (!recipient || recipient.refusesDms || recipient.bot || !together) throw refuse(50007);
    return;
  }
  const needed = channel.kind === 'thread' ? 'SEND_MESSAGES_IN_THREADS' : 'SEND_MESSAGES';
  if (!may(world, channel, world.bot.id, needed)) throw refuse(50013);
}

/** What the message's parts need beyond sending: files, embeds, a reply's original. */
function checkParts(context: Context, channel: Channel, draft: Draft): void {
  checkFiles(context, channel, draft.attachments.length);
  const { world } = context;
  if (draft.embeds.length > 0 && !may(world, channel, world.bot.id, 'EMBED_LINKS')) throw refuse(50013);
  if (draft.replyTo === null) return;
  if (!may(world, channel, world.bot.id, 'READ_MESSAGE_HISTORY')) throw refuse(160002);
  if (!channel.messages.has(draft.replyTo)) {
    const form = createForm();
    form.at('message_reference').problem('REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
    form.check();
  }
}

function checkFiles(context: Context, channel: Channel, added: number): void {
  if (added > 0 && !may(context.world, channel, context.world.bot.id, 'ATTACH_FILES')) throw refuse(50013);
}

/** Newest first, around, before or after an id (resources/message: Get Channel Messages). */
function page(channel: Channel, query: Record<string, string>): StoredMessage[] {
  const form = createForm();
  const limit = form
    .at('limit')
    .number(Number(query.limit ?? MESSAGE.pageDefault), { least: 1, most: MESSAGE.pageMost });
  form.check();
  const all = [...channel.messages.values()]
    .filter(({ onlyFor }) => onlyFor === null)
    .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
  const id = (text: string) => BigInt(text);
  if (query.before) return all.filter((message) => id(message.id) < id(query.before!)).slice(0, limit);
  if (query.after) return all.filter((message) => id(message.id) > id(query.after!)).slice(-limit!);
  if (query.around) {
    const half = Math.floor(limit! / 2);
    const at = all.findIndex((message) => id(message.id) <= id(query.around!));
    const middle = at < 0 ? all.length : at;
    return all.slice(Math.max(0, middle - half), middle + half + 1).slice(0, limit);
  }
  return all.slice(0, limit);
}
