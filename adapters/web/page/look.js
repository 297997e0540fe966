import { post } from './api.js';
import { signedOut, state } from './state.js';

/** Answers that are looked up for a view of the page, and come in parts: what takes each of them, by its interaction. */
const awaited = new Map();

/**
 * What a command that only reads answers, for a view that shows it in a place of its own rather than in the chat. `unseen`: the page
 * asks by itself. Resolves to the reply; rejects with Refusal where it was not asked.
 */
export async function look(command, options = {}, { unseen = false } = {}) {
  try {
    const body = { channel: state.channel, thread: null, command, options, unseen };
    const { interaction, reply } = await post('act', body);
    if (reply === null || reply.final) return reply;
    return takeEarly(interaction) ?? (await new Promise((resolve) => void awaited.set(interaction, resolve)));
  } catch (error) {
    if (error.code === 'not-signed-in') signedOut(error.message);
    throw error;
  }
}

/** Whether an answer that came over the stream was one of these. */
export function takeLooked({ interaction, reply }) {
  const take = awaited.get(interaction);
  if (!take) return false;
  if (reply.final) {
    awaited.delete(interaction);
    take(reply);
  }
  return true;
}

/** The end of an answer that overtook its beginning, and was taken for one of the chat's. */
function takeEarly(interaction) {
  const early = state.answers.find((each) => each.interaction === interaction);
  state.answers = state.answers.filter((each) => each !== early);
  return early?.reply.final ? early.reply : undefined;
}
