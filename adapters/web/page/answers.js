import { changed, state } from './state.js';

export function onPrivate({ interaction, channel, thread, reply, isEdit }) {
  const isShown = state.answers.some((answer) => answer.interaction === interaction);
  if (isShown || !isEdit) showAnswer(interaction, channel, thread, reply);
}

export function showAnswer(interaction, channel, thread, reply) {
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
