import { announce } from '../announce.ts';
import { FLAGS } from '../bits.ts';
import { flatten, SELECTS, TYPE } from '../components.ts';
import type { Context } from '../context.ts';
import { isJson } from '../form.ts';
import { mentionedUsers } from '../mentions.ts';
import { addMessage, removeMessage, removeMessages } from '../messages.ts';
import { KIND } from '../open-interactions.ts';
import { userPayload } from '../payloads/guild.ts';
import { messagePayload } from '../payloads/message.ts';
import { may, type StoredMessage, type User } from '../world.ts';
import { commandFor, invoke, messageFor, type Place, placeOf } from './invoke.ts';
import { type ModalValues, modalData } from './modal-values.ts';
import type { Observed } from './observe.ts';
import { fill, type OptionValues, pick } from './options.ts';
import { react, unreact } from './reactions.ts';
import { type MessageView, viewOf } from './view.ts';

/** What people do in Discord's app; each throws what the app would not let them do. */
export interface People {
  /** `name` may go on with subcommands: `xax job show`. */
  slash(user: User, place: Place, name: string, options?: OptionValues): Promise<Observed>;
  /** What is offered while `focused` is being typed. */
  autocomplete(
    user: User,
    place: Place,
    name: string,
    options: OptionValues,
    focused: string,
  ): Promise<Observed>;
  /** Presses a button, by its custom id or its label. */
  press(user: User, messageId: string, button: string): Promise<Observed>;
  select(user: User, messageId: string, customId: string, values: string[]): Promise<Observed>;
  /** Sends the modal that an interaction opened. */
  submit(user: User, opened: Observed, values: ModalValues): Promise<Observed>;
  messageCommand(user: User, name: string, messageId: string): Promise<Observed>;
  /** Writes in a channel or thread; `<@id>` mentions. */
  say(user: User, place: Place, content: string, more?: { replyTo?: string }): MessageView;
  dm(user: User, content: string): MessageView;
  react(user: User, messageId: string, emoji: string): void;
  unreact(user: User, messageId: string, emoji: string): void;
  /** Deletes their own message, or anybody's with MANAGE_MESSAGES. */
  /** Changes what somebody said themselves. */
  edit(user: User, messageId: string, content: string): void;
  deleteMessage(user: User, messageId: string): void;
  /** A moderator, or another bot, deletes several messages of one channel at once. */
  purge(messageIds: readonly string[]): void;
}

export function createPeople(context: Context): People {
  const { world } = context;

  function typed(user: User, place: Place, name: string) {
    const channel = placeOf(context, user, place);
    const [root, ...path] = name.replace(/^\//, '').split(' ');
    const command = commandFor(context, user, channel, 1, root!);
    const data = {
      id: command.id,
      name: command.name,
      type: 1,
      ...(command.guild_id ? { guild_id: command.guild_id } : {}),
    };
    return { channel, data, picked: pick(command, path) };
  }

  function use(
    user: User,
    messageId: string,
    wanted: (component: Record<string, unknown>) => boolean,
    what: string,
  ) {
    const { message, channel } = messageFor(context, user, messageId);
    const component = flatten(message.components).find(wanted);
    if (!component) throw new Error(`Message ${messageId} has no ${what}`);
    if (component.disabled) throw new Error(`${what} is disabled`);
    if (channel.archived && channel.locked) throw new Error('The thread is locked and archived');
    return { message, channel, component };
  }

  const people: People = {
    slash(user, place, name, options = {}) {
      const { channel, data, picked } = typed(user, place, name);
      return invoke(context, user, channel, {
        kind: KIND.command,
        data: { ...data, ...fill(world, picked, options) },
      });
    },
    autocomplete(user, place, name, options, focused) {
      const { channel, data, picked } = typed(user, place, name);
      const option = picked.declared.find((one) => one.name === focused);
      if (!option?.autocomplete) throw new Error(`${name} has no autocompletion for ${focused}`);
      const values = { [focused]: '', ...options };
      return invoke(context, user, channel, {
        kind: KIND.autocomplete,
        data: { ...data, ...fill(world, picked, values, focused) },
      });
    },
    press(user, messageId, button) {
      const is = (one: Record<string, unknown>) =>
        one.type === TYPE.button && (one.custom_id === button || one.label === button);
      const { message, channel, component } = use(user, messageId, is, `button ${button}`);
      if (component.style === 5) throw new Error(`${button} is a link: Discord opens it without the bot`);
      const data = { component_type: TYPE.button, custom_id: component.custom_id, id: component.id };
      return invoke(context, user, channel, { kind: KIND.component, data, message });
    },
    select(user, messageId, customId, values) {
      const is = (one: Record<string, unknown>) =>
        SELECTS.includes(Number(one.type)) && one.custom_id === customId;
      const { message, channel, component } = use(user, messageId, is, `select ${customId}`);
      const offered = Array.isArray(component.options)
        ? component.options.filter(isJson).map(({ value }) => value)
        : values;
      if (values.some((value) => !offered.includes(value)))
        throw new Error(`${customId} does not offer ${values}`);
      if (
        values.length < Number(component.min_values ?? 1) ||
        values.length > Number(component.max_values ?? 1)
      )
        throw new Error(`${customId} does not take ${values.length} values`);
      const data = {
        component_type: component.type,
        custom_id: customId,
        id: component.id,
        values,
        resolved: {},
      };
      return invoke(context, user, channel, { kind: KIND.component, data, message });
    },
    async submit(user, opened, values) {
      if (!opened.modal) throw new Error('No form was opened');
      if (opened.user !== user.id) throw new Error(`The form is not ${user.name}'s`);
      const source = context.interactions.all().find(({ id }) => id === opened.id)?.source;
      const message = source ? messageFor(context, user, source).message : undefined;
      const channel = placeOf(context, user, opened.channel);
      return invoke(context, user, channel, {
        kind: KIND.modal,
        data: modalData(opened.modal, values),
        message,
      });
    },
    async messageCommand(user, name, messageId) {
      const { message, channel } = messageFor(context, user, messageId);
      const command = commandFor(context, user, channel, 3, name);
      const resolved = { messages: { [messageId]: messagePayload(context, message, 'interaction') } };
      const author = userPayload(world.users.get(message.author)!);
      const data = {
        id: command.id,
        name,
        type: 3,
        target_id: messageId,
        resolved: { ...resolved, users: { [message.author]: author } },
      };
      return invoke(context, user, channel, { kind: KIND.command, data });
    },
    say(user, place, content, { replyTo } = {}) {
      const channel = placeOf(context, user, place);
      const needed = channel.kind === 'thread' ? 'SEND_MESSAGES_IN_THREADS' : 'SEND_MESSAGES';
      if (!may(world, channel, user.id, needed))
        throw new Error(`${user.name} may not write in ${channel.name}`);
      const replied = replyTo ? channel.messages.get(replyTo)?.author : undefined;
      const users = [...new Set([...mentionedUsers(world, content), ...(replied ? [replied] : [])])];
      const mass = may(world, channel, user.id, 'MENTION_EVERYONE');
      const notified = {
        everyone: mass && content.includes('@everyone'),
        here: mass && content.includes('@here'),
        users,
        roles: [],
      };
      return viewOf(
        addMessage(context, channel, { author: user.id, content, notified, replyTo: replyTo ?? null }),
      );
    },
    dm: (user, content) => people.say(user, 'dm', content),
    react: (user, messageId, emoji) => react(context, user.id, reactable(user, messageId), emoji),
    unreact: (user, messageId, emoji) => unreact(context, user.id, reactable(user, messageId), emoji),
    edit(user, messageId, content) {
      const { message } = messageFor(context, user, messageId);
      if (message.author !== user.id) throw new Error(`${user.name} may not edit message ${messageId}`);
      Object.assign(message, { content, editedAt: world.clock.now() });
      announce(context, 'MESSAGE_UPDATE', message);
    },
    deleteMessage(user, messageId) {
      const { message, channel } = messageFor(context, user, messageId);
      if (message.author !== user.id && !may(world, channel, user.id, 'MANAGE_MESSAGES'))
        throw new Error(`${user.name} may not delete message ${messageId}`);
      removeMessage(context, message);
    },
    purge: (messageIds) => removeMessages(context, messageIds),
  };

  function reactable(user: User, messageId: string): StoredMessage {
    const { message, channel } = messageFor(context, user, messageId);
    if (channel.archived) throw new Error('Nobody reacts in an archived thread');
    if (message.flags & FLAGS.EPHEMERAL) throw new Error('Nobody reacts to a message only one can see');
    return message;
  }
  return people;
}
