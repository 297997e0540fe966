import { createHash } from 'node:crypto';
import type { App, ReceiverEvent } from '@slack/bolt';
import { LRUCache } from 'lru-cache';

/** How many payloads are remembered, so that none is taken twice. */
const TAKEN_MAX = 2_000;
/** A payload without an id is the same as one with the same words for this long, milliseconds; then somebody asks anew. */
const NAMELESS_MS = 3_000;

interface Body {
  type?: string;
  event_id?: string;
  trigger_id?: string;
  event?: { type?: string; channel?: string; channel_type?: string; ts?: string };
}

/** What a payload was acknowledged with; `undefined` until it was. */
type Acknowledgement = { with: unknown } | undefined;

/**
 * Hands each payload to the app once, of whatever kind. Slack sends again what was not acknowledged, may send one on
 * every socket, and tells of one message to the bot in two ways. One that comes again is acknowledged as the first was.
 */
export function createEnvelopes(app: Pick<App, 'processEvent'>): Pick<App, 'processEvent'> {
  const taken = new LRUCache<string, Promise<Acknowledgement>>({ max: TAKEN_MAX });

  return {
    async processEvent(event: ReceiverEvent): Promise<void> {
      const { key, keptMs } = named(event.body as Body);
      const first = taken.get(key);
      if (first) {
        const acknowledged = await first;
        if (acknowledged) await event.ack(acknowledged.with as never);
        return;
      }
      let acknowledge: (how: Acknowledgement) => void = () => {};
      const acknowledged = new Promise<Acknowledgement>((resolve) => {
        acknowledge = resolve;
      });
      taken.set(key, acknowledged, keptMs === undefined ? {} : { ttl: keptMs });
      const ack: ReceiverEvent['ack'] = async (response) => {
        acknowledge({ with: response });
        await event.ack(response as never);
      };
      try {
        await app.processEvent({ ...event, ack });
      } finally {
        acknowledge(undefined);
      }
    },
  };
}

/** Names a payload the same however often it comes. */
function named(body: Body): { key: string; keptMs?: number } {
  const { event, event_id: eventId, trigger_id: trigger } = body;
  const isToBot = event?.type === 'app_mention' || (event?.type === 'message' && event.channel_type === 'im');
  if (isToBot && event.ts !== undefined) return { key: `said/${event.channel}/${event.ts}` };
  if (eventId !== undefined) return { key: eventId };
  if (trigger !== undefined) return { key: `${body.type}/${trigger}` };
  return { key: createHash('sha256').update(JSON.stringify(body)).digest('base64'), keptMs: NAMELESS_MS };
}
