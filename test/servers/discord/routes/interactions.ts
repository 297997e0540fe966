import { FLAGS } from '../bits.ts';
import type { Context } from '../context.ts';
import { refuse } from '../errors.ts';
import {
  firstReply,
  webhookDelete,
  webhookEdit,
  webhookMessage,
  webhookOf,
  webhookPost,
} from '../interactions.ts';
import { messagePayload } from '../payloads/message.ts';
import type { Router } from '../router.ts';

/** Replies to interactions: the first one, and those through the token's webhook. */
export function interactionRoutes(api: Router, context: Context): void {
  api.post('/interactions/:id/:token/callback', (c) => {
    const { live, message } = firstReply(context, c.req.param('id'), c.req.param('token'), c.get('body'));
    if (c.req.query('with_response') !== 'true') return c.body(null, 204);
    const shown = message && messagePayload(context, message, 'interaction');
    return c.json({
      interaction: {
        id: live.id,
        type: live.kind,
        ...(message
          ? {
              response_message_id: message.id,
              response_message_loading: (message.flags & FLAGS.LOADING) !== 0,
              response_message_ephemeral: message.onlyFor !== null,
            }
          : {}),
      },
      resource: { type: live.answer!.type, ...(shown ? { message: shown } : {}) },
    });
  });
  const live = (app: string, token: string) => {
    if (app !== context.world.bot.id) throw refuse(10015);
    return webhookOf(context, token);
  };
  api.post('/webhooks/:app/:token', (c) => {
    const message = webhookPost(context, live(c.req.param('app'), c.req.param('token')), c.get('body'));
    return c.json(messagePayload(context, message, 'interaction'));
  });
  const one = '/webhooks/:app/:token/messages/:message' as const;
  api.get(one, (c) => {
    const { app, token, message } = c.req.param();
    return c.json(messagePayload(context, webhookMessage(context, live(app, token), message), 'interaction'));
  });
  api.patch(one, (c) => {
    const { app, token, message } = c.req.param();
    const target = webhookMessage(context, live(app, token), message);
    const edited = webhookEdit(context, target, c.get('body'));
    return c.json(messagePayload(context, edited, 'interaction'));
  });
  api.delete(one, (c) => {
    const { app, token, message } = c.req.param();
    webhookDelete(context, webhookMessage(context, live(app, token), message));
    return c.body(null, 204);
  });
}
