import { FLAGS } from './bits.ts';
import type { Body } from './body.ts';
import type { Context } from './context.ts';
import { type Draft, readDraft } from './draft.ts';
import { refuse } from './errors.ts';
import { createForm, type Json } from './form.ts';
import { INTERACTION } from './limits.ts';
import { addMessage, changeMessage, removeMessage, written } from './messages.ts';
import { checkModal } from './modal.ts';
import { CALLBACK, KIND, type Live } from './open-interactions.ts';
import { findMessage, type StoredMessage } from './world.ts';

/** Which first replies each kind takes (Interaction Callback Type, and its notes). */
function acceptedReplies(live: Live): number[] {
  const onMessage = live.source === null ? [] : [CALLBACK.deferUpdate, CALLBACK.update];
  if (live.kind === KIND.autocomplete) return [CALLBACK.choices];
  if (live.kind === KIND.modal) return [CALLBACK.message, CALLBACK.deferMessage, ...onMessage];
  return [CALLBACK.message, CALLBACK.deferMessage, ...onMessage, CALLBACK.modal];
}

/** POST interactions/:id/:token/callback. Returns the message made or changed, if any. */
export function firstReply(
  context: Context,
  id: string,
  token: string,
  body: Body,
): { live: Live; message?: StoredMessage } {
  context.interactions.expire();
  const live = context.interactions.find(token);
  if (!live || live.id !== id || live.failed) throw refuse(10062);
  if (live.answer) throw refuse(40060);
  const form = createForm();
  const type = form.at('type').oneOf(body.json.type, acceptedReplies(live));
  form.check();
  const data = (body.json.data ?? {}) as Json;
  const message = carryOut(context, live, type!, { json: data, files: body.files });
  live.answer = { type: type!, data, afterMs: context.world.clock.now() - live.at };
  context.interactions.touched();
  return { live, message };
}

function carryOut(context: Context, live: Live, type: number, body: Body): StoredMessage | undefined {
  const { world } = context;
  if (type === CALLBACK.choices) return void checkChoices(body.json);
  if (type === CALLBACK.modal) return void checkModal(body.json);
  if (type === CALLBACK.deferUpdate) {
    live.original = live.source;
    return undefined;
  }
  if (type === CALLBACK.update) {
    const source = findMessage(world, live.source!);
    if (!source) throw refuse(10008);
    changeMessage(context, source, draftOf(context, body, source, ['data']));
    live.original = source.id;
    return source;
  }
  if (type === CALLBACK.deferMessage) {
    const flags = typeof body.json.flags === 'number' ? body.json.flags : 0;
    const form = createForm();
    if (flags & ~FLAGS.EPHEMERAL)
      form.at('data', 'flags').problem('MESSAGE_FLAGS_INVALID', 'Only EPHEMERAL can be set');
    form.check();
    return reply(context, live, { flags: flags | FLAGS.LOADING }, true);
  }
  return reply(context, live, draftOf(context, body, null, ['data']), true);
}

const draftOf = (context: Context, body: Body, current: StoredMessage | null, path: string[] = []) =>
  readDraft({ body, voice: 'interaction', current, newId: context.world.newId, path });

function reply(
  context: Context,
  live: Live,
  content: Draft | { flags: number },
  first: boolean,
): StoredMessage {
  const channel = context.world.channels.get(live.channel);
  if (!channel) throw refuse(10003);
  const onlyFor = content.flags & FLAGS.EPHEMERAL ? live.user : null;
  const message = addMessage(context, channel, {
    author: context.world.bot.id,
    onlyFor,
    interaction: { id: live.id, type: live.kind, user: live.user },
    ...('allowed' in content
      ? written(context, content, { channel: channel.id, onlyFor, replyTo: null })
      : content),
  });
  if (first) live.original = message.id;
  else live.followups.push(message.id);
  return message;
}

function checkChoices(data: Json): void {
  const form = createForm().at('data', 'choices');
  const choices = form.list(data.choices, { most: INTERACTION.choices, required: true }) ?? [];
  choices.forEach((value, index) => {
    const choice = form.at(index).object(value);
    if (!choice) return;
    form.at(index, 'name').text(choice.name, { least: 1, most: INTERACTION.choiceText, required: true });
    if (typeof choice.value === 'string')
      form.at(index, 'value').text(choice.value, { most: INTERACTION.choiceText, required: true });
    else if (typeof choice.value !== 'number')
      form.at(index, 'value').problem('BASE_TYPE_REQUIRED', 'This field is required');
  });
  form.check();
}

/** The interaction behind a webhook token: 50027 after 15 minutes, 10015 before its first reply. */
export function webhookOf(context: Context, token: string): Live {
  const live = context.interactions.find(token);
  if (!live) throw refuse(10015);
  if (context.world.clock.now() - live.at > INTERACTION.tokenMs) throw refuse(50027);
  if (!live.answer) throw refuse(10015);
  return live;
}

/** A message of an interaction: `@original`, or one of its followups by id; 10008 when there is none. */
export function webhookMessage(context: Context, live: Live, name: string): StoredMessage {
  const id =
    name === '@original' ? live.original : [live.original, ...live.followups].find((one) => one === name);
  const message = id ? findMessage(context.world, id) : undefined;
  if (!message) throw refuse(10008);
  return message;
}

export function webhookEdit(context: Context, message: StoredMessage, body: Body): StoredMessage {
  changeMessage(context, message, draftOf(context, body, message));
  context.interactions.touched();
  return message;
}

/** A followup; right after a deferral it fills the waiting message instead, whose privacy stays. */
export function webhookPost(context: Context, live: Live, body: Body): StoredMessage {
  const waiting = live.original ? findMessage(context.world, live.original) : undefined;
  if (waiting && waiting.flags & FLAGS.LOADING) {
    const { flags, ...json } = body.json;
    const kept = typeof flags === 'number' ? { flags: flags & ~FLAGS.EPHEMERAL } : {};
    return webhookEdit(context, waiting, { ...body, json: { ...json, ...kept } });
  }
  const message = reply(context, live, draftOf(context, body, null), false);
  context.interactions.touched();
  return message;
}

export function webhookDelete(context: Context, message: StoredMessage): void {
  removeMessage(context, message);
  context.interactions.touched();
}
