import type {
  Client,
  Message as DiscordMessage,
  MessageContextMenuCommandInteraction,
  PartialMessage,
} from 'discord.js';
import { BotError, errorText } from '../../src/core/errors.ts';
import type { MessageRef, Quoted } from '../../src/core/request.ts';
import { namesIn } from './names.ts';
import type { DiscordRequest, InteractionDeps, Requests } from './requests.ts';
import { fromDiscordText } from './text.ts';

/** The reaction that keeps a message as a note. */
const NOTE_REACTION = '📝';

/** Handles messages: those to the bot, and those to keep as notes. */
export function addDiscussion(
  client: Client,
  { work, workDeferred, invoke, personAt }: Requests,
  deps: Pick<InteractionDeps, 'handlers' | 'ports' | 'members' | 'log'>,
) {
  const { handlers, ports, members, log } = deps;

  client.on('messageCreate', (message) => {
    // A webhook's may lack `bot`.
    if (message.author.bot || message.webhookId !== null || message.system || !client.user) return;
    const request = requestSaid(message);
    const typed = spokenTo(message, client.user.id);
    if (typed !== undefined) {
      const words = fromDiscordText(typed, namesIn(client, ports, message.guild));
      void work(request, () => invoke(request, { kind: 'text', words }));
      return;
    }
    if (request.thread)
      handlers.looked({ adapter: 'discord', message: request.thread, who: () => personAt(request) });
    const captured = ports
      .channels()
      .some(({ id, capturesThreads }) => id === request.channel && capturesThreads);
    const { thread } = request;
    if (!captured || !message.channel.isThread() || !thread) return;
    // Nobody asked for anything, so that nobody is told of what fails.
    personAt(request).then(
      (person) => handlers.heard({ adapter: 'discord', thread, person }, quote(message)),
      (error) => log.warn({ error: errorText(error) }, 'what was said in a thread of Discord was not kept'),
    );
  });

  client.on('messageUpdate', (_before, { channelId, id, content, guild }) => {
    // Without the intent, and of what has only pictures, there are no words to follow.
    if (content)
      handlers.revised(sourceOf(channelId, id), fromDiscordText(content, namesIn(client, ports, guild)));
  });
  const deleted = ({ channelId, id }: { channelId: string; id: string }) =>
    handlers.revised(sourceOf(channelId, id), undefined);
  client.on('messageDelete', deleted);
  client.on('messageDeleteBulk', (messages) => {
    for (const message of messages.values()) deleted(message);
  });

  client.on('messageReactionAdd', (reaction, user) => {
    if (user.bot) return;
    const message = placeOf(reaction.message);
    const { guildId } = reaction.message;
    const by = { id: user.id, name: user.displayName ?? user.id };
    if (message)
      handlers.looked({
        adapter: 'discord',
        message,
        who: () =>
          personAt({
            account: by,
            facts: () => members.of({ ...by, bot: user.bot === true }, guildId, message.channel),
            channel: message.channel,
          }),
      });
    if (reaction.emoji.name !== NOTE_REACTION) return;
    keepReacted(reaction.message.channelId, reaction.message.id, user.id).catch((error) =>
      log.warn({ error: errorText(error) }, 'a message was not kept as a note'),
    );
  });

  /** A message as the bot names its own; undefined while the library does not know its channel. */
  function placeOf({ channel, channelId, id }: Pick<PartialMessage, 'channel' | 'channelId' | 'id'>) {
    const parent = channel?.isThread() ? channel.parentId : channelId;
    return parent === null ? undefined : { channel: parent, id };
  }

  async function saveAsNote(
    interaction: MessageContextMenuCommandInteraction,
    request: DiscordRequest,
  ): Promise<void> {
    await workDeferred(interaction, request, () =>
      keepAsNote({ ...request, thread: threadOf(interaction.targetMessage) }, interaction.targetMessage),
    );
  }

  function threadOf(message: DiscordMessage): MessageRef | undefined {
    const { channel } = message;
    const isThread = channel?.isThread() === true;
    const parent = isThread ? channel.parentId : message.channelId;
    return parent === null ? undefined : { channel: parent, id: isThread ? message.channelId : message.id };
  }

  async function keepAsNote(request: DiscordRequest, message: DiscordMessage): Promise<void> {
    const quoted = quote(message);
    const text = quoted.text.trim();
    if (text === '' || message.author.id === client.user?.id)
      throw new BotError('no-text', 'That message has no text from a person.', 'Nothing was kept.');
    await invoke(request, { kind: 'options', command: 'note', options: { text } }, quoted);
  }

  function quote(message: DiscordMessage): Quoted {
    const { author } = message;
    return {
      author: ports.authorOf({ id: author.id, name: author.displayName }),
      text: fromDiscordText(message.content, namesIn(client, ports, message.guild)),
      at: message.createdTimestamp,
      link: message.url,
      id: sourceOf(message.channelId, message.id),
    };
  }

  /** Only in threads and channels of the settings, and only words that Discord lets the bot read. */
  async function keepReacted(channelId: string, messageId: string, userId: string): Promise<void> {
    const channel = await client.channels.fetch(channelId);
    if (!channel?.isTextBased() || channel.isDMBased()) return;
    const parent = channel.isThread() ? channel.parentId : channelId;
    if (!ports.channels().some(({ id }) => id === parent)) return;
    const [message, user] = await Promise.all([
      channel.messages.fetch(messageId),
      client.users.fetch(userId),
    ]);
    if (message.author.id === client.user?.id) return;
    const thread = threadOf(message);
    // People react with it to anything: where no job is discussed, it means nothing to the bot.
    if (!thread || !handlers.isOfJob({ adapter: 'discord', thread })) return;
    const request: DiscordRequest = {
      account: { id: user.id, name: user.displayName },
      facts: () => members.of(user, channel.guildId, parent),
      channel: parent,
      place: channelId,
      thread,
      token: undefined,
      press: { kind: 'words', id: `${messageId}/${userId}` },
    };
    await work(request, () => keepAsNote(request, message));
  }

  function requestSaid(message: DiscordMessage): DiscordRequest {
    const { author, channel, channelId, guildId } = message;
    const parent = channel.isThread() ? channel.parentId : channelId;
    const room = guildId === null ? null : (parent ?? '');
    return {
      account: { id: author.id, name: author.displayName },
      facts: () => members.of(author, guildId, room),
      channel: room,
      place: channelId,
      thread: channel.isThread() && parent !== null ? { channel: parent, id: channelId } : undefined,
      token: undefined,
      press: { kind: 'words', id: message.id },
    };
  }

  return { saveAsNote };
}

/** Names a message, as what a note was made from. */
function sourceOf(channel: string, id: string): string {
  return `discord:${channel}:${id}`;
}

/** What stands behind a mention of the bot, or in a direct message; undefined for what is not meant for it. */
function spokenTo(message: DiscordMessage, botId: string): string | undefined {
  if (message.guildId === null) return message.content.trim().replace(/^\/?xax\s+/, '');
  const mention = new RegExp(`^\\s*<@!?${botId}>[\\s:,]*`);
  return mention.test(message.content) ? message.content.replace(mention, '').trim() : undefined;
}
