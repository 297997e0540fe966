import { changed, state } from './state.js';

const READ = 'xaxbot.read';

/** What stands in a channel was seen, unless the page is behind others. */
export function markRead(channel = state.channel) {
  if (document.hidden) return;
  keepMark(channel);
}

/** What a browser that comes for the first time finds is no news to it. */
export function markFound(channel) {
  if (state.read[channel] === undefined) keepMark(channel);
}

function keepMark(channel) {
  const last = state.timelines.get(channel)?.messages.at(-1)?.id ?? 0;
  state.read[channel] = Math.max(state.read[channel] ?? 0, last);
  state.freshReplies.delete(channel);
  localStorage.setItem(READ, JSON.stringify(state.read));
}

/** A new message in a thread, which no timeline shows. */
export function noteReply({ channel, author }) {
  if (author?.id !== state.me.id) state.freshReplies.set(channel, (state.freshReplies.get(channel) ?? 0) + 1);
}

/** How many messages of others in a channel, and since the page was opened in its threads, were not seen. */
export function unread(channel) {
  const messages = state.timelines.get(channel)?.messages ?? [];
  const seen = state.read[channel] ?? 0;
  const fresh = messages.filter(({ id, author }) => id > seen && author?.id !== state.me.id);
  return fresh.length + (state.freshReplies.get(channel) ?? 0);
}

export const unreadInAll = () => state.channels.reduce((sum, { id }) => sum + unread(id), 0);

document.addEventListener('visibilitychange', () => {
  if (state.phase !== 'ready' || document.hidden) return;
  markRead();
  changed();
});
