import type { Context } from '../context.ts';
import { refuse } from '../errors.ts';
import { userPayload } from '../payloads/guild.ts';
import { react, unreact } from '../people/reactions.ts';
import type { Router } from '../router.ts';
import { channelForBot, may } from '../world.ts';

/** The bot's reactions, and who reacted. */
export function reactionRoutes(api: Router, context: Context): void {
  const { world } = context;
  const target = (channelId: string, messageId: string) => {
    const channel = channelForBot(world, channelId);
    const message = channel.messages.get(messageId);
    if (!message || message.onlyFor !== null) throw refuse(10008);
    return { channel, message };
  };
  api.put('/channels/:channel/messages/:message/reactions/:emoji/@me', (c) => {
    const { channel, message } = target(c.req.param('channel'), c.req.param('message'));
    const emoji = decodeURIComponent(c.req.param('emoji'));
    if (channel.archived) throw refuse(50083);
    if (!may(world, channel, world.bot.id, 'READ_MESSAGE_HISTORY')) throw refuse(50013);
    if (!message.reactions.has(emoji) && !may(world, channel, world.bot.id, 'ADD_REACTIONS'))
      throw refuse(50013);
    react(context, world.bot.id, message, emoji);
    return c.body(null, 204);
  });
  api.delete('/channels/:channel/messages/:message/reactions/:emoji/@me', (c) => {
    const { message } = target(c.req.param('channel'), c.req.param('message'));
    unreact(context, world.bot.id, message, decodeURIComponent(c.req.param('emoji')));
    return c.body(null, 204);
  });
  api.get('/channels/:channel/messages/:message/reactions/:emoji', (c) => {
    const { message } = target(c.req.param('channel'), c.req.param('message'));
    const users = message.reactions.get(decodeURIComponent(c.req.param('emoji'))) ?? [];
    return c.json(users.map((id) => userPayload(world.users.get(id)!)));
  });
}
