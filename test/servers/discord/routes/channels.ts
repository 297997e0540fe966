import type { Context } from '../context.ts';
import { refuse } from '../errors.ts';
import { channelPayload } from '../payloads/guild.ts';
import { directChannel } from '../people/direct.ts';
import type { Router } from '../router.ts';
import { changeThread, removeChannel, startThread } from '../threads.ts';
import { channelForBot, may } from '../world.ts';

/** Channels, threads and direct messages. */
export function channelRoutes(api: Router, context: Context): void {
  const { world } = context;
  api.get('/channels/:channel', (c) =>
    c.json(channelPayload(world, channelForBot(world, c.req.param('channel')))),
  );
  api.patch('/channels/:channel', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    changeThread(context, channel, c.get('body').json);
    return c.json(channelPayload(world, channel));
  });
  api.delete('/channels/:channel', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    const needed = channel.kind === 'thread' ? 'MANAGE_THREADS' : 'MANAGE_CHANNELS';
    if (!may(world, channel, world.bot.id, needed)) throw refuse(50013);
    removeChannel(context, channel);
    return c.json(channelPayload(world, channel));
  });
  api.post('/channels/:channel/messages/:message/threads', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    const message = channel.messages.get(c.req.param('message'));
    if (!message || message.onlyFor) throw refuse(10008);
    return c.json(channelPayload(world, startThread(context, message, c.get('body').json)), 201);
  });
  for (const method of ['PUT', 'DELETE'] as const)
    api.on(method, '/channels/:channel/thread-members/:user', (c) => {
      const thread = channelForBot(world, c.req.param('channel'));
      if (thread.kind !== 'thread') throw refuse(50024);
      if (thread.archived) throw refuse(50083);
      return c.body(null, 204);
    });
  api.post('/channels/:channel/typing', (c) => {
    const channel = channelForBot(world, c.req.param('channel'));
    if (!may(world, channel, world.bot.id, 'SEND_MESSAGES')) throw refuse(50013);
    return c.body(null, 204);
  });
  api.post('/users/@me/channels', (c) => {
    const recipient = world.users.get(String(c.get('body').json.recipient_id));
    if (!recipient || recipient.id === world.bot.id) throw refuse(recipient ? 50007 : 10013);
    return c.json(channelPayload(world, directChannel(context, recipient.id)));
  });
}
