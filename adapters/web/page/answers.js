import { takeLooked } from './look.js';
import { changed, state } from './state.js';

/**
 * Puts a question of mine into the chat, where its answer for me alone will stand: below what was pressed (`below`: a message by
 * its id, or an answer by its name), else below the newest. `asked`: what was typed;
 * `view`: on which page of ours.
 */
export function place({ id, asked = null, channel, thread, view = 'chat', below = null }) {
  const messages =
    thread === null ? state.timelines.get(channel)?.messages : state.threads.get(thread)?.messages;
  const answered = state.answers.findIndex((each) => nameOf(each) === below);
  const after = state.answers[answered]?.after ?? below ?? messages?.at(-1)?.id ?? thread ?? 0;
  const placed = { id, interaction: null, asked, channel, thread, view, after, reply: null };
  state.answers.splice(answered < 0 ? state.answers.length : answered + 1, 0, placed);
  changed();
}

/** By what an answer is known to the server; before it has come, by what it was asked with. */
export const nameOf = ({ interaction, id }) => interaction ?? id;

/** What came of a question that was placed: its answer, or that everybody was answered (`reply`: null) elsewhere. */
export function settle(id, { interaction, asked, reply }) {
  const placed = state.answers.find((each) => each.id === id);
  if (!placed) return;
  // The response and the stream are two ways: a later answer may have come before.
  const early = state.answers.find((each) => each.interaction === interaction);
  if (reply === null) state.answers = state.answers.filter((each) => each !== placed);
  else {
    state.answers = state.answers.filter((each) => each !== early);
    Object.assign(placed, { interaction, asked, reply: early?.reply.final ? early.reply : reply });
  }
  changed();
}

export function onPrivate(answer) {
  const { interaction, asked = null, channel, thread, reply, isEdit } = answer;
  if (takeLooked(answer)) return;
  const known = state.answers.find((each) => each.interaction === interaction);
  if (known?.reply?.final && !reply.final) return;
  if (known) known.reply = reply;
  else if (isEdit) return;
  else {
    place({ id: interaction, asked, channel, thread });
    Object.assign(
      state.answers.find(({ id }) => id === interaction),
      { interaction, reply },
    );
  }
  changed();
}

export function dismiss(id) {
  state.answers = state.answers.filter((answer) => answer.id !== id);
  changed();
}
