import { get } from './api.js';
import { changed, state } from './state.js';
import { markFound, markRead, noteReply } from './unread.js';

const PAGE = 50;

export function onMessage(message) {
  state.seq = Math.max(state.seq, message.seq);
  if (message.thread === null) {
    put(state.timelines.get(message.channel)?.messages, message);
    const opened = state.threads.get(message.id);
    if (opened) opened.root = message;
  } else {
    put(state.threads.get(message.thread)?.messages, message);
    if (message.id > state.newest) noteReply(message);
  }
  state.newest = Math.max(state.newest, message.id);
  if (message.channel === state.channel) markRead();
  changed();
}

/** Puts a message in its place by id; an older version of one that is there is passed over. */
function put(messages, message) {
  if (!messages) return;
  const at = messages.findIndex(({ id }) => id >= message.id);
  if (at < 0) messages.push(message);
  else if (messages[at].id !== message.id) {
    if (at > 0) messages.splice(at, 0, message);
  } else if (messages[at].seq < message.seq) messages[at] = message;
}

export async function openChannel(id) {
  Object.assign(state, { channel: id, panel: 'timeline', view: 'chat' });
  await load(id);
  markRead();
  changed();
}

/** The page of runs, beside the chat. */
export function openRuns() {
  Object.assign(state, { panel: 'timeline', view: 'runs' });
  changed();
}

/** Takes in the end of a channel, once. */
export async function load(id) {
  if (state.timelines.has(id)) return;
  const { messages, more } = await get('messages', { channel: id, limit: PAGE });
  state.timelines.set(id, { messages, more });
  markFound(id);
  changed();
}

export async function loadOlder() {
  const timeline = state.timelines.get(state.channel);
  if (!timeline?.more || timeline.loading) return;
  timeline.loading = true;
  try {
    const { messages, more } = await get('messages', {
      channel: state.channel,
      before: timeline.messages[0].id,
      limit: PAGE,
    });
    timeline.messages.unshift(...messages);
    timeline.more = more;
  } finally {
    timeline.loading = false;
    changed();
  }
}

export async function openThread(root) {
  Object.assign(state, { thread: root, panel: 'thread', view: 'chat' });
  changed();
  if (!state.threads.has(root)) {
    state.threads.set(root, await get('thread', { root }));
    changed();
  }
}

export function closeThread() {
  Object.assign(state, { thread: null, panel: 'timeline' });
  changed();
}

export function showPanel(panel) {
  state.panel = panel;
  changed();
}
