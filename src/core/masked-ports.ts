import type { AdapterHandlers, Completion, Modal, Reply } from './adapter.ts';
import type { Command } from './command.ts';
import { type Mask, maskingData, maskMessage } from './masked.ts';
import { NEEDS_CONFIRMATION } from './press.ts';
import { inSlices } from './slices.ts';

/** A command whose questions and answers hold no secret: they are kept, too. */
export function maskedCommand(command: Command, mask: Mask): Command {
  const { view, confirm } = command;
  const asked: Command['confirm'] = async (...given) => {
    const confirmation = await confirm?.(...given);
    return confirmation && { ...confirmation, question: maskMessage(confirmation.question, mask) };
  };
  return {
    ...command,
    view: (...given) => maskMessage(view(...given), mask),
    ...(confirm ? { confirm: asked } : {}),
  };
}

/** Handlers whose answers, forms and completions hold no secret, and which keep none of what is said. */
export function maskedHandlers(handlers: AdapterHandlers, mask: Mask): AdapterHandlers {
  return {
    ...handlers,
    // What an answer says was made for its readers already.
    invoke: (invocation, reply) =>
      handlers.invoke(invocation, async (given) => reply(await withDataMasked(given, mask))),
    form: async (...asked) => maskModal(await handlers.form(...asked), mask),
    complete: async (...asked) => withoutSecrets(await handlers.complete(...asked), mask),
    suggest: async (...asked) => withoutSecrets(await handlers.suggest(...asked), mask),
    heard: (at, said) => handlers.heard(at, { ...said, text: mask(said.text) }),
    revised: (id, text) => handlers.revised(id, text === undefined ? undefined : mask(text)),
  };
}

/** A question's data is the token of its yes, which is for whoever was asked. */
async function withDataMasked(reply: Reply, mask: Mask): Promise<Reply> {
  if (reply.data === undefined || reply.errorCode === NEEDS_CONFIRMATION) return reply;
  return { ...reply, data: await inSlices(maskingData(reply.data, mask)) };
}

/** What goes along without being asked acts, and nobody reads it; of what stands in the fields already, a secret is to be typed again. */
function maskModal(modal: Modal, mask: Mask): Modal {
  const shown = Object.entries(modal.values).filter(([, value]) => mask(value) === value);
  return {
    ...modal,
    title: mask(modal.title),
    values: Object.fromEntries(shown),
    about: modal.about.map(({ label, text }) => ({ label, text: mask(text) })),
    problem: modal.problem && { ...modal.problem, text: mask(modal.problem.text) },
  };
}

/** What is put into a line acts, so what holds a secret is not offered. */
function withoutSecrets(completions: readonly Completion[], mask: Mask): Completion[] {
  return completions
    .filter(({ insert }) => mask(insert) === insert)
    .map((each) => ({ ...each, label: mask(each.label), description: mask(each.description) }));
}
