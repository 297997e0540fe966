import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  type Message as DiscordMessage,
  type Interaction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from 'discord.js';
import type { Account, AdapterHandlers, Invocation, MessageRef, Quoted } from '../../src/core/adapter.ts';
import type { DoorLog, DoorPorts } from '../../src/core/door.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { clip } from '../../src/core/fit.ts';
import { textMessage } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import type { DiscordApi } from './api.ts';
import { isOurs, SAVE_AS_NOTE } from './commands.ts';
import { formAction, formOf } from './forms.ts';
import { CHOICE_MAX, CHOICES_MAX } from './limits.ts';
import { createReplies } from './replies.ts';
import type { Sender } from './send.ts';

/** The reaction that keeps a message as a note. */
const NOTE_REACTION = '📝';

export interface InteractionDeps {
  handlers: AdapterHandlers;
  api: DiscordApi;
  sender: Sender;
  ports: DoorPorts;
  log: DoorLog;
}

type Answerable =
  | ChatInputCommandInteraction
  | ButtonInteraction
  | ModalSubmitInteraction
  | MessageContextMenuCommandInteraction;

interface Where {
  account: Account;
  /** The channel of the settings, the parent of a thread; null in direct messages. */
  channel: string | null;
  /** Where it was said: a channel, or a thread. */
  place: string;
  thread: MessageRef | undefined;
  token: string | undefined;
}

/** Takes what people do in Discord to the house. An interaction is deferred first, then worked on. */
export function addListeners(client: Client, deps: InteractionDeps): void {
  const { handlers, api, sender, ports, log } = deps;

  function whereOf(interaction: Interaction): Where {
    const { user, channel, channelId, guildId } = interaction;
    const isThread = channel?.isThread() === true;
    const parent = isThread ? channel.parentId : channelId;
    const room = guildId === null ? null : (parent ?? '');
    const place = channelId ?? '';
    const message = 'message' in interaction ? interaction.message : null;
    const ref = isThread ? place : message?.flags.has(MessageFlags.Ephemeral) ? undefined : message?.id;
    return {
      account: { id: user.id, name: user.displayName, kind: user.bot ? 'bot' : guildKind(interaction) },
      channel: room,
      place,
      thread: ref === undefined || room === null ? undefined : { channel: room, id: ref },
      token: interaction.token,
    };
  }

  function placeOf({ account, channel, thread }: Where): Omit<Invocation, 'input'> {
    const person = ports.person(account, channel);
    return {
      adapter: 'discord',
      channel: channel ?? 'direct',
      ...(thread ? { thread } : {}),
      person,
      account: { id: account.id, name: account.name },
    };
  }

  function answerTo(where: Where, asked: string) {
    return createReplies(
      { api, sender, applicationId: () => client.application?.id ?? '', clock: ports.clock, log },
      { user: where.account.id, channel: where.place, token: where.token, asked },
    );
  }

  async function invoke(where: Where, input: Invocation['input'], quoted?: Quoted): Promise<void> {
    const invocation: Invocation = { ...placeOf(where), input, ...(quoted ? { quoted } : {}) };
    await handlers.invoke(
      invocation,
      answerTo(where, `${invocation.person.name}: ${typedWords(invocation)}`),
    );
  }

  /** Work whose failures are told, and never end the process. */
  async function work(where: Where, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof BotError)) log.error({ err: error }, 'something people did in Discord failed');
      const text =
        error instanceof BotError ? errorText(error) : "Something went wrong here. The host's log has more.";
      const reply = {
        message: textMessage(text, 'warning'),
        visibility: 'private' as const,
        ok: false,
        final: true,
      };
      await answerTo(where, '')(reply).catch(() => {});
    }
  }

  async function defer(interaction: Answerable): Promise<void> {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  }

  async function slash(interaction: ChatInputCommandInteraction): Promise<void> {
    await defer(interaction);
    const where = whereOf(interaction);
    const options = Object.fromEntries(
      (interaction.options.data[0]?.options ?? []).map(({ name, value }) => [name, String(value)]),
    );
    await work(where, () =>
      invoke(where, { kind: 'options', command: interaction.options.getSubcommand(), options }),
    );
  }

  async function autocomplete(interaction: AutocompleteInteraction): Promise<void> {
    const { name, value } = interaction.options.getFocused(true);
    const given = Object.fromEntries(
      (interaction.options.data[0]?.options ?? []).map((option) => [option.name, String(option.value ?? '')]),
    );
    const found = await handlers.suggest(placeOf(whereOf(interaction)), {
      command: interaction.options.getSubcommand(),
      option: name,
      typed: value,
      given,
    });
    await interaction.respond(
      found
        .filter(({ insert }) => insert.length <= CHOICE_MAX)
        .slice(0, CHOICES_MAX)
        .map(({ insert, label, description }) => ({
          name: clip(description ? `${label}: ${description}` : label, CHOICE_MAX),
          value: insert,
        })),
    );
  }

  async function button(interaction: ButtonInteraction): Promise<void> {
    const where = whereOf(interaction);
    const known = ports.actions.byId(interaction.customId.split(':')[1] ?? '');
    if (known?.form) {
      await openForm(interaction, where, known.command, known.options);
      return;
    }
    await defer(interaction);
    await work(where, async () => {
      if (!known)
        throw new BotError(
          'old-button',
          'That button is too old to be understood.',
          'Give the command instead.',
        );
      await invoke(where, { kind: 'options', command: known.command, options: known.options });
    });
  }

  /** A form must be the first answer; whoever may not send it is told so instead. */
  async function openForm(
    interaction: ButtonInteraction,
    where: Where,
    command: string,
    options: Record<string, string>,
  ): Promise<void> {
    try {
      const input = { kind: 'options' as const, command, options };
      const modal = await handlers.form({ ...placeOf(where), input }, command, options);
      await interaction.showModal(formOf(modal, await presetsOf(where, command), ports.actions));
    } catch (error) {
      await defer(interaction);
      await work(where, () => Promise.reject(error));
    }
  }

  async function presetsOf(where: Where, command: string): Promise<string[]> {
    const options = handlers.commands.find(({ name }) => name === command)?.options ?? {};
    const option = Object.keys(options).find((name) => options[name]!.type === 'preset');
    if (option === undefined) return [];
    const found = await handlers.suggest(placeOf(where), { command, option, typed: '', given: {} });
    return found.map(({ insert }) => insert);
  }

  async function submitted(interaction: ModalSubmitInteraction): Promise<void> {
    await defer(interaction);
    const where = whereOf(interaction);
    await work(where, async () => {
      const known = ports.actions.byId(formAction(interaction.customId) ?? '');
      if (!known)
        throw new BotError('old-form', 'That form is too old to be understood.', 'Give the command instead.');
      const values = [...interaction.fields.fields.values()].map((field): [string, string] => {
        const value = 'values' in field ? (field.values?.[0] ?? '') : 'value' in field ? field.value : '';
        return [field.customId, String(value)];
      });
      const given = Object.fromEntries(values.filter(([, value]) => value !== ''));
      await invoke(where, {
        kind: 'options',
        command: known.command,
        options: { ...given, ...known.options },
      });
    });
  }

  async function saveAsNote(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    await defer(interaction);
    const where = whereOf(interaction);
    await work(where, () =>
      keepAsNote({ ...where, thread: threadOf(interaction.targetMessage) }, interaction.targetMessage),
    );
  }

  function threadOf(message: DiscordMessage): MessageRef | undefined {
    const { channel } = message;
    const isThread = channel?.isThread() === true;
    const parent = isThread ? channel.parentId : message.channelId;
    return parent === null ? undefined : { channel: parent, id: isThread ? message.channelId : message.id };
  }

  async function keepAsNote(where: Where, message: DiscordMessage): Promise<void> {
    const text = message.content.trim();
    if (text === '' || message.author.id === client.user?.id)
      throw new BotError('no-text', 'There are no words of a person in that message.', 'Nothing was kept.');
    await invoke(
      where,
      { kind: 'options', command: 'note', options: { text } },
      quote(message, where.channel),
    );
  }

  function quote(message: DiscordMessage, channel: string | null): Quoted {
    const { author } = message;
    const account: Account = { id: author.id, name: author.displayName, kind: author.bot ? 'bot' : 'member' };
    const person: Person = ports.person(account, channel);
    return {
      author: { id: person.id, name: person.name },
      text: message.content,
      at: message.createdTimestamp,
      link: message.url,
      id: `discord:${message.channelId}:${message.id}`,
    };
  }

  async function take(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) return autocomplete(interaction);
    if (interaction.isChatInputCommand() && isOurs(interaction.commandName)) return slash(interaction);
    if (interaction.isMessageContextMenuCommand() && interaction.commandName === SAVE_AS_NOTE)
      return saveAsNote(interaction);
    if (interaction.isModalSubmit()) return submitted(interaction);
    if (interaction.isButton()) return button(interaction);
  }

  client.on('interactionCreate', (interaction) => {
    take(interaction).catch((error) =>
      log.warn({ error: errorText(error) }, 'an interaction of Discord was lost'),
    );
  });

  client.on('messageCreate', (message) => {
    if (message.author.bot || message.system || !client.user) return;
    const where = whereSaid(message);
    const words = spokenTo(message, client.user.id);
    if (words !== undefined) {
      void work(where, () => invoke(where, { kind: 'text', words }));
      return;
    }
    const captured = ports.channels.some(
      ({ id, capturesThreads }) => id === where.channel && capturesThreads,
    );
    if (captured && message.channel.isThread() && where.thread)
      handlers.heard({ adapter: 'discord', thread: where.thread }, quote(message, where.channel));
  });

  client.on('messageReactionAdd', (reaction, user) => {
    if (reaction.emoji.name !== NOTE_REACTION || user.bot) return;
    keepReacted(reaction.message.channelId, reaction.message.id, user.id).catch((error) =>
      log.warn({ error: errorText(error) }, 'a message was not kept as a note'),
    );
  });

  /** Only in threads and channels of the settings, and only words that Discord lets the bot read. */
  async function keepReacted(channelId: string, messageId: string, userId: string): Promise<void> {
    const channel = await client.channels.fetch(channelId);
    if (!channel?.isTextBased() || channel.isDMBased()) return;
    const parent = channel.isThread() ? channel.parentId : channelId;
    if (!ports.channels.some(({ id }) => id === parent)) return;
    const [message, user] = await Promise.all([
      channel.messages.fetch(messageId),
      client.users.fetch(userId),
    ]);
    if (message.author.id === client.user?.id) return;
    const account: Account = { id: user.id, name: user.displayName, kind: user.bot ? 'bot' : 'member' };
    const where: Where = {
      account,
      channel: parent,
      place: channelId,
      thread: threadOf(message),
      token: undefined,
    };
    await work(where, () => keepAsNote(where, message));
  }

  function whereSaid(message: DiscordMessage): Where {
    const { author, channel, channelId, guildId } = message;
    const parent = channel.isThread() ? channel.parentId : channelId;
    return {
      account: { id: author.id, name: author.displayName, kind: 'member' },
      channel: guildId === null ? null : (parent ?? ''),
      place: channelId,
      thread: channel.isThread() && parent !== null ? { channel: parent, id: channelId } : undefined,
      token: undefined,
    };
  }
}

/** Members that have not accepted a server's rules yet count as guests; who is not of the server, as an outsider. */
function guildKind(interaction: Interaction): Account['kind'] {
  if (interaction.guildId === null) return 'member';
  const { member } = interaction;
  if (!member) return 'external';
  return member.pending === true ? 'guest' : 'member';
}

/** What stands behind a mention of the bot, or in a direct message; undefined for what is not meant for it. */
function spokenTo(message: DiscordMessage, botId: string): string | undefined {
  if (message.guildId === null) return message.content.trim().replace(/^\/?xax\s+/, '');
  const mention = new RegExp(`^\\s*<@!?${botId}>[\\s:,]*`);
  return mention.test(message.content) ? message.content.replace(mention, '').trim() : undefined;
}
