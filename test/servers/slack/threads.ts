import type { Json, SlackWorld } from './world.ts';

const nameOf = (channel: string, ts: unknown) => `${channel}:${String(ts)}`;

/** What Slack says of a thread that somebody closed, or whose first message is not there and never had replies. */
export async function threadProblem(
  { closedThreads, tombstones, find }: SlackWorld,
  channel: string,
  ts: unknown,
): Promise<string | undefined> {
  const closed = closedThreads.get(nameOf(channel, ts));
  if (closed !== undefined) return closed;
  if (tombstones.has(nameOf(channel, ts)) || (await find(channel, String(ts)))) return undefined;
  return 'thread_not_found';
}

/** Deletes a message. One that has replies leaves something in its place, under which they stay and go on. */
export async function deleteMessage(world: SlackWorld, channel: string, ts: string): Promise<Json> {
  if ((await world.replies(channel, ts)).length === 0) return world.inner('chat.delete', { channel, ts });
  world.tombstones.add(nameOf(channel, ts));
  return world.inner('chat.update', {
    channel,
    ts,
    text: 'This message was deleted.',
    blocks: [],
    metadata: {},
  });
}

export function isTombstone({ tombstones }: SlackWorld, channel: string, ts: unknown): boolean {
  return tombstones.has(nameOf(channel, ts));
}

/** An admin locks a thread, or it takes no replies for another reason. */
export function closeThread(
  { closedThreads }: SlackWorld,
  channel: string,
  ts: string,
  code = 'restricted_action_thread_locked',
): void {
  closedThreads.set(nameOf(channel, ts), code);
}
