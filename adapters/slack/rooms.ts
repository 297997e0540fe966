import { LRUCache } from 'lru-cache';
import type { Room } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { SlackClient } from './client.ts';

/** How long what Slack said of a channel holds, milliseconds: one that was made private, or public, is so soon after. */
const KEPT_MS = 10 * 60_000;
/** As long as Slack did not say it. */
const FAILED_KEPT_MS = 30_000;
const KEPT_MAX = 500;

/**
 * Whether channels are closed: into a public one every member of the workspace can come, into a private one those that are
 * invited. Slack is asked only where that decides something (`isAsked`); one of which it does not say it is open.
 */
export function createRooms(deps: {
  client: Pick<SlackClient, 'call'>;
  /** Channels of the settings of which it decides something. */
  isAsked(channel: string): boolean;
  log: Log;
}) {
  const { client, log } = deps;
  const kept = new LRUCache<string, { isClosed: boolean }>({ max: KEPT_MAX, ttl: KEPT_MS });

  async function read(channel: string): Promise<boolean> {
    try {
      const { channel: found } = await client.call<{ channel: { is_private?: boolean } }>(
        'conversations.info',
        { channel },
      );
      const isClosed = found.is_private === true;
      kept.set(channel, { isClosed });
      return isClosed;
    } catch (error) {
      log.warn({ channel, error: errorText(error) }, 'Slack does not say whether a channel is private');
      kept.set(channel, { isClosed: false }, { ttl: FAILED_KEPT_MS });
      return false;
    }
  }

  const known = (channel: string | null): Room => ({
    channel,
    isClosed: channel !== null && kept.get(channel)?.isClosed === true,
  });

  return {
    async of(channel: string | null): Promise<Room> {
      if (channel === null || !deps.isAsked(channel)) return { channel, isClosed: false };
      const isClosed = kept.get(channel)?.isClosed ?? (await read(channel));
      return { channel, isClosed };
    },
    /** The same as far as is known without asking Slack. */
    known,
  };
}

export type Rooms = ReturnType<typeof createRooms>;
