import { showAnswer } from './answers.js';
import { post } from './api.js';
import { changed, signedOut, state } from './state.js';
import { openThread } from './timeline.js';

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
