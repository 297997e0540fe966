import { announce, announceChannel } from './announce.ts';
import { FLAGS } from './bits.ts';
import type { Context } from './context.ts';
import { refuse } from './errors.ts';
import { createForm, type Json } from './form.ts';
import { THREAD } from './limits.ts';
import { type Channel, may, newChannel, type StoredMessage } from './world.ts';

/** Starts a thread from a message (resources/channel): its id is the message's, and there is one only. */
export function startThread(context: Context, message: StoredMessage, body: Json): Channel {
  const { world } = context;
  const parent = world.channels.get(message.channel)!;
  if (parent.kind !== 'text') throw refuse(50024);
  if (!may(world, parent, world.bot.id, 'CREATE_PUBLIC_THREADS')) throw refuse(50013);
  if (world.channels.has(message.id)) throw refuse(160004);
  const form = createForm();
  const name = form.at('name').text(body.name, { least: 1, most: THREAD.name, required: true });
  const minutes = body.auto_archive_duration ?? 1440;
  form.at('auto_archive_duration').oneOf(minutes, THREAD.archiveMinutes);
  form.check();
  const thread = newChannel(message.id, 'thread', name!, {
    parent: parent.id,
    owner: world.bot.id,
    archiveMinutes: minutes as number,
    archivedAt: world.clock.now(),
  });
  world.channels.set(thread.id, thread);
  message.flags |= FLAGS.HAS_THREAD;
  announceChannel(context, 'THREAD_CREATE', thread);
  announce(context, 'MESSAGE_UPDATE', message);
  return thread;
}

/** Changes a thread as the bot: topics/threads, "Editing & Deleting Threads". */
export function changeThread(context: Context, thread: Channel, body: Json): void {
  const { world } = context;
  if (thread.kind !== 'thread')
    throw refuse(may(world, thread, world.bot.id, 'MANAGE_CHANNELS') ? 50024 : 50013);
  const manages = may(world, thread, world.bot.id, 'MANAGE_THREADS');
  const form = createForm();
  if ('name' in body) form.at('name').text(body.name, { least: 1, most: THREAD.name, required: true });
  if ('auto_archive_duration' in body)
    form.at('auto_archive_duration').oneOf(body.auto_archive_duration, THREAD.archiveMinutes);
  form.check();
  if ('locked' in body && body.locked !== thread.locked && !manages) throw refuse(50013);
  if (thread.locked && !manages) throw refuse(thread.archived && body.archived === false ? 160005 : 50013);
  const onlyReopens = Object.keys(body).every((key) => key === 'archived') && body.archived === false;
  if (!manages && !onlyReopens && thread.owner !== world.bot.id) throw refuse(50013);
  if (thread.archived && body.archived !== false && !('locked' in body)) throw refuse(50083);
  setThread(context, thread, {
    ...(typeof body.name === 'string' ? { name: body.name } : {}),
    ...(typeof body.archived === 'boolean' ? { archived: body.archived } : {}),
    ...(typeof body.locked === 'boolean' ? { locked: body.locked } : {}),
    ...(typeof body.auto_archive_duration === 'number' ? { archiveMinutes: body.auto_archive_duration } : {}),
  });
}

/** Changes a thread, whoever does, and says so. */
export function setThread(context: Context, thread: Channel, change: Partial<Channel>): void {
  if (change.archived !== undefined && change.archived !== thread.archived)
    thread.archivedAt = context.world.clock.now();
  Object.assign(thread, change);
  announceChannel(context, 'THREAD_UPDATE', thread);
}

/** Takes a channel or a thread away, with the threads in it. */
export function removeChannel(context: Context, channel: Channel): void {
  const { channels } = context.world;
  for (const thread of [...channels.values()])
    if (thread.parent === channel.id) removeChannel(context, thread);
  announceChannel(context, channel.kind === 'thread' ? 'THREAD_DELETE' : 'CHANNEL_DELETE', channel);
  channels.delete(channel.id);
}

/** Archives the threads where nothing happened for their archive duration (topics/threads). */
export function archiveIdle(context: Context): void {
  const { world } = context;
  for (const thread of world.channels.values()) {
    if (thread.kind !== 'thread' || thread.archived) continue;
    const last = Math.max(thread.archivedAt, ...[...thread.messages.values()].map(({ at }) => at));
    if (world.clock.now() - last > thread.archiveMinutes * 60_000)
      setThread(context, thread, { archived: true });
  }
}
