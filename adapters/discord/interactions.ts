import {
  ApplicationCommandOptionType,
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  type Interaction,
  MessageFlags,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { clip } from '../../src/core/clip.ts';
import { errorText } from '../../src/core/errors.ts';
import { unticked } from '../../src/core/form.ts';
import { sentWith } from '../../src/core/form-sent.ts';
import { type Press, tooOld } from '../../src/core/press.ts';
import { isOurs, SAVE_AS_NOTE } from './commands.ts';
import { addDiscussion } from './discussion.ts';
import { choiceMessage, choiceParts, firstChoice, formOf, formParts } from './forms.ts';
import { CHOICE_MAX, CHOICES_MAX } from './limits.ts';
import { namesIn } from './names.ts';
import { createRequests, type DiscordRequest, type InteractionDeps } from './requests.ts';
import { fromDiscordText } from './text.ts';

/** Handles what people do in Discord. An interaction is deferred first, then processed. */
export function addListeners(client: Client, deps: InteractionDeps): void {
  const { handlers, ports, rivals, members, log } = deps;
  const requests = createRequests(client, deps);
  const { contextOf, invoke, invokeForm, workDeferred } = requests;
  const { saveAsNote } = addDiscussion(client, requests, deps);

  const help = () => handlers.typed('discord', 'help');

  function requestOf(interaction: Interaction): DiscordRequest {
    const { user, channel, channelId, guildId } = interaction;
    const isThread = channel?.isThread() === true;
    const parent = isThread ? channel.parentId : channelId;
    const room = guildId === null ? null : (parent ?? '');
    const message = 'message' in interaction ? interaction.message : null;
    // What everybody is answered to a card's button stands in the card's thread, which has the message's own id.
    const hasThread = !isThread && message !== null && client.channels.cache.has(message.id);
    const place = hasThread ? message.id : (channelId ?? '');
    const ref = isThread ? place : message?.flags.has(MessageFlags.Ephemeral) ? undefined : message?.id;
    return {
      account: { id: user.id, name: user.displayName },
      facts: once(() => members.ofInteraction(interaction, room)),
      channel: room,
      place,
      thread: ref === undefined || room === null ? undefined : { channel: room, id: ref },
      token: interaction.token,
      press: pressOf(interaction),
    };
  }

  async function slash(interaction: ChatInputCommandInteraction): Promise<void> {
    const request = requestOf(interaction);
    const options = Object.fromEntries(
      (interaction.options.data[0]?.options ?? []).map(({ name, value }) => [
        name,
        fromDiscordText(String(value), namesIn(client, ports, interaction.guild)),
      ]),
    );
    await workDeferred(interaction, request, () =>
      invoke(request, { kind: 'options', command: interaction.options.getSubcommand(), options }),
    );
  }

  async function autocomplete(interaction: AutocompleteInteraction): Promise<void> {
    const { name, value, type } = interaction.options.getFocused(true);
    const given = Object.fromEntries(
      (interaction.options.data[0]?.options ?? []).map((option) => [option.name, String(option.value ?? '')]),
    );
    const found = await handlers.suggest(await contextOf(requestOf(interaction)), {
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
          value: type === ApplicationCommandOptionType.Integer ? Number(insert) : insert,
        })),
    );
  }

  async function button(interaction: ButtonInteraction): Promise<void> {
    const known = ports.actions.byId(interaction.customId.split(':')[1] ?? '');
    const isUpdate = known?.replaces === true;
    const request = { ...requestOf(interaction), isUpdate };
    if (known?.form) {
      await openForm(interaction, request, known.command, known.options);
      return;
    }
    await workDeferred(interaction, request, async () => {
      if (!known) throw tooOld('button', help());
      await invoke(request, { kind: 'options', command: known.command, options: known.options });
    });
  }

  /** A form must be the first answer; someone who may not use it gets an error instead. */
  async function openForm(
    interaction: ButtonInteraction | StringSelectMenuInteraction,
    request: DiscordRequest,
    command: string,
    options: Record<string, string>,
  ): Promise<void> {
    try {
      const input = { kind: 'options' as const, command, options };
      const modal = await handlers.form({ ...(await contextOf(request)), input }, command, options);
      const choice = firstChoice(modal);
      if (choice)
        await interaction.reply({
          ...choiceMessage(modal, choice, ports.actions),
          flags: MessageFlags.Ephemeral,
        });
      else await interaction.showModal(formOf(modal, { actions: ports.actions, opening: interaction.id }));
    } catch (error) {
      await workDeferred(interaction, request, () => Promise.reject(error));
    }
  }

  /** Somebody has chosen what a form depends on. */
  async function chosen(interaction: StringSelectMenuInteraction): Promise<void> {
    const request = requestOf(interaction);
    const { action, field } = choiceParts(interaction.customId) ?? { action: '', field: '' };
    const known = ports.actions.byId(action);
    if (!known) return workDeferred(interaction, request, () => Promise.reject(tooOld('form', help())));
    const options = { ...known.options, [field]: interaction.values[0] ?? '' };
    await openForm(interaction, request, known.command, options);
  }

  async function submitted(interaction: ModalSubmitInteraction): Promise<void> {
    const request = requestOf(interaction);
    await workDeferred(interaction, request, async () => {
      const known = ports.actions.byId(formParts(interaction.customId)?.action ?? '');
      if (!known) throw tooOld('form', help());
      const values = [...interaction.fields.fields.values()].map((field): [string, string] => {
        const value = 'values' in field ? (field.values?.[0] ?? '') : 'value' in field ? field.value : '';
        return [field.customId, value === false ? unticked(field.customId) : String(value ?? '')];
      });
      await invokeForm(request, {
        kind: 'options',
        command: known.command,
        options: sentWith(known.options, Object.fromEntries(values)),
      });
    });
  }

  async function take(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) return autocomplete(interaction);
    if (interaction.isChatInputCommand() && isOurs(interaction.commandName)) return slash(interaction);
    if (interaction.isMessageContextMenuCommand() && interaction.commandName === SAVE_AS_NOTE)
      return saveAsNote(interaction, requestOf(interaction));
    if (interaction.isModalSubmit()) return submitted(interaction);
    if (interaction.isButton()) return button(interaction);
    if (interaction.isStringSelectMenu()) return chosen(interaction);
  }

  client.on('interactionCreate', (interaction) => {
    take(interaction).then(
      () => rivals.note(),
      (error) => {
        rivals.note(error);
        log.warn({ error: errorText(error) }, 'an interaction of Discord was lost');
      },
    );
  });
}

/** A button is pressed on a message; a form is opened once; the rest is given once. */
function pressOf(interaction: Interaction): Press {
  if (interaction.isButton()) return { kind: 'button', id: interaction.message.id };
  const opening = interaction.isModalSubmit() ? formParts(interaction.customId)?.opening : undefined;
  if (opening !== undefined) return { kind: 'form', id: opening };
  return { kind: 'words', id: interaction.id };
}

/** The same promise however often it is asked for. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
