import { enter, follow, get, post, Refusal } from './api.js';
import * as key from './key.js';

const PAGE = 50;
const READ = 'xaxbot.read';

/** The page's state. Views read it and are notified of changes; only the functions here change it. */
export const state = {
  phase: 'starting',
  problem: null,
  me: null,
  about: { hostLabel: '', simulated: false },
  channels: [],
  channel: null,
  thread: null,
  connection: 'live',
  seq: 0,
  /** By channel: messages in order, whether older ones exist. */
  timelines: new Map(),
  /** By root: messages in order; present when the thread has been opened. */
  threads: new Map(),
  /** Answers for me alone, kept nowhere but here. */
  answers: [],
  form: null,
  panel: 'timeline',
  read: JSON.parse(localStorage.getItem(READ) ?? '{}'),
};

const listeners = new Set();
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
function changed() {
  for (const listener of listeners) listener();
}

export async function boot() {
  await key.load();
  const link = /^#enter=(.+)$/.exec(location.hash)?.[1];
  if (link) {
    history.replaceState(null, '', location.pathname);
    try {
      await enter(link);
    } catch (error) {
      await key.load();
      if (!key.isKnown()) return signedOut(error.message);
      state.problem = error.message;
    }
  }
  if (!key.isKnown()) return signedOut(null);
  try {
    const { me, channels, seq, ...about } = await get('state');
    Object.assign(state, { me, channels, about, seq, phase: 'ready' });
    document.title = `xaxbot ${about.hostLabel}${about.simulated ? ' (simulated)' : ''}`;
    await openChannel(channels[0].id);
    follow({
      after: () => state.seq,
      onMessage,
      onPrivate,
      onState,
      onReload: () => location.reload(),
      onSignedOut: () => signedOut(null),
    });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not-signed-in') return signedOut(error.message);
    state.phase = 'unreachable';
    state.problem = error.message;
    changed();
  }
}

function signedOut(problem) {
  Object.assign(state, { phase: 'signed-out', problem });
  changed();
}

export async function leave() {
  await post('leave', {}).catch(() => {});
  await key.drop();
  signedOut('You have left the chat.');
}

function onState(connection) {
  state.connection = connection;
  changed();
}

function onMessage(message) {
  state.seq = Math.max(state.seq, message.seq);
  if (message.thread === null) put(state.timelines.get(message.channel)?.messages, message);
  else put(state.threads.get(message.thread), message);
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

function onPrivate({ interaction, channel, thread, reply, isEdit }) {
  const isShown = state.answers.some((answer) => answer.interaction === interaction);
  if (isShown || !isEdit) showAnswer(interaction, channel, thread, reply);
}

function showAnswer(interaction, channel, thread, reply) {
  const known = state.answers.find((answer) => answer.interaction === interaction);
  // The response and the stream are two ways: what is interim may come after what is final.
  if (known?.reply.final && !reply.final) return;
  if (known) known.reply = reply;
  else {
    const messages = thread === null ? state.timelines.get(channel)?.messages : state.threads.get(thread);
    state.answers.push({ interaction, channel, thread, reply, after: messages?.at(-1)?.id ?? 0 });
  }
  changed();
}

export function dismiss(interaction) {
  state.answers = state.answers.filter((answer) => answer.interaction !== interaction);
  changed();
}

export async function openChannel(id) {
  Object.assign(state, { channel: id, panel: 'timeline' });
  if (!state.timelines.has(id)) {
    const { messages, more } = await get('messages', { channel: id, limit: PAGE });
    state.timelines.set(id, { messages, more });
  }
  markRead();
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
  Object.assign(state, { thread: root, panel: 'thread' });
  changed();
  if (!state.threads.has(root)) {
    const { messages } = await get('thread', { root });
    state.threads.set(root, messages);
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

function markRead() {
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

/** `isShown`: whether an answer for me alone stands in the chat; a form shows what is wrong with it itself. */
async function ask(path, body, where, isShown = () => true) {
  try {
    const { interaction, reply } = await post(path, { ...where, ...body });
    if (reply && isShown(reply)) showAnswer(interaction, where.channel, where.thread, reply);
    return reply;
  } catch (error) {
    if (error.code === 'not-signed-in') signedOut(error.message);
    throw error;
  }
}

/** An id that nothing else has; `crypto.randomUUID` is not there over plain HTTP. */
const newId = () =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');

/** Sends what was typed. Rejects with the words to show when it was not taken. */
export const say = (text, where) => ask('say', { text, id: newId() }, where);

/**
 * Runs a button's command. `on`: what the button stands on, by which a second press is known; what everybody is answered
 * stands in its thread, where it has one.
 */
export async function act({ command, options, replaces = false }, { press, thread }, where) {
  const body = { command, options, press: { kind: 'button', id: press, replaces }, thread };
  const reply = await ask('act', body, where);
  if (reply === null && thread !== where.thread && !replaces) await openThread(thread);
}

/** What another try does not mend: a question that waits for its yes, and what was done already. */
const NOT_MENDED = ['needs-confirmation', 'pressed-already'];

/** The same for a form, which is told whether it was refused, and keeps what was written. */
export async function send(form, options) {
  const { command, id, where, thread } = form;
  const isRefusal = ({ ok, errorCode }) => !ok && errorCode && !NOT_MENDED.includes(errorCode);
  const body = { command, options, press: { kind: 'form', id }, thread };
  const reply = await ask('act', body, where, (each) => !isRefusal(each));
  if (reply && isRefusal(reply)) return reply;
  if (reply === null && thread !== where.thread) await openThread(thread);
  return null;
}

export async function openForm({ command, options }, { thread }, where) {
  const form = await post('form', { ...where, command, options });
  state.form = { ...form, id: newId(), where, thread };
  changed();
}

export function closeForm() {
  state.form = null;
  changed();
}

document.addEventListener('visibilitychange', () => {
  if (state.phase !== 'ready' || document.hidden) return;
  markRead();
  changed();
});
