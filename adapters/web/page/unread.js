import { changed, state } from './state.js';

const READ = 'xaxbot.read';

export function markRead() {
  const last = state.timelines.get(state.channel)?.messages.at(-1)?.id;
  if (!last || document.hidden) return;
  state.read[state.channel] = Math.max(state.read[state.channel] ?? 0, last);
  localStorage.setItem(READ, JSON.stringify(state.read));
}

export function unread(channel) {
  const messages = state.timelines.get(channel)?.messages ?? [];
  return messages.filter(({ id, author }) => id > (state.read[channel] ?? 0) && author?.id !== state.me.id)
    .length;
}

document.addEventListener('visibilitychange', () => {
  if (state.phase !== 'ready' || document.hidden) return;
  markRead();
  changed();
});
