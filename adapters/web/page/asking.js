import { place, settle } from './answers.js';
import { post } from './api.js';
import { changed, signedOut, state } from './state.js';
import { openThread } from './timeline.js';

/** An id that nothing else has; `crypto.randomUUID` is not there over plain HTTP. */
const newId = () =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');

async function ask(path, body) {
  try {
    return await post(path, body);
  } catch (error) {
    if (error.code === 'not-signed-in') signedOut(error.message);
    throw error;
  }
}

/** Asks where the answer for me alone will stand, and takes the reader there, or to what everybody is told. */
async function askHere(path, body, where, { asked, below }) {
  const id = newId();
  place({ id, asked, below, ...where });
  if (asked !== undefined) lookAt(`answer-${id}`, where.thread);
  try {
    const answered = await ask(path, body);
    settle(id, answered);
    if (answered.posted !== null) lookAt(`message-${answered.posted}`, body.thread);
    else if (answered.reply !== null) lookAt(`answer-${id}`, where.thread);
    return answered.reply;
  } catch (error) {
    settle(id, { reply: null });
    throw error;
  }
}

/** The reader is taken to the beginning of this, as far as all that follows fits. */
function lookAt(at, thread) {
  state.looked = { at, thread };
  changed();
}

/** Sends what was typed, a command (`isCommand`) or words to everybody. Rejects with the words to show when it was not taken. */
export async function say(text, where, isCommand) {
  const body = { text, id: newId(), ...where };
  if (isCommand) return askHere('say', body, where, { asked: text });
  lookAt(null, where.thread);
  return ask('say', body);
}

/**
 * Runs a button's command. `on`: what the button stands on, by which a second press is known; what everybody is answered
 * stands in its thread, where it has one.
 */
export async function act({ command, options, replaces = false }, { press, below, thread }, where) {
  const body = { ...where, command, options, press: { kind: 'button', id: press, replaces }, thread };
  if (replaces) return ask('act', body);
  const reply = await askHere('act', body, where, { below });
  if (reply === null && thread !== where.thread) await openThread(thread);
}

/** What another try does not mend: a question that waits for its yes, and what was done already. */
const NOT_MENDED = ['needs-confirmation', 'pressed-already'];

/** The same for a form, which is told whether it was refused, and keeps what was written. */
export async function send(form, options) {
  const { command, id, where, thread, below } = form;
  const isRefusal = ({ ok, errorCode }) => !ok && errorCode && !NOT_MENDED.includes(errorCode);
  const body = { ...where, command, options, press: { kind: 'form', id }, thread };
  const answered = await ask('act', body);
  const { reply, posted } = answered;
  if (reply && isRefusal(reply)) return reply;
  if (reply) {
    place({ id, below, ...where });
    settle(id, answered);
    lookAt(`answer-${id}`, where.thread);
  } else {
    if (posted !== null) lookAt(`message-${posted}`, thread);
    if (thread !== where.thread) await openThread(thread);
  }
  return null;
}

/** A form of a command with what is known of its options. */
export const formOf = (command, options, where) => ask('form', { ...where, command, options });

export async function openForm({ command, options }, { thread, below }, where) {
  const form = await formOf(command, options, where);
  state.form = { ...form, given: options, id: newId(), where, thread, below };
  changed();
}

export function closeForm() {
  state.form = null;
  changed();
}
