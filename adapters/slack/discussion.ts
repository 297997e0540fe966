import type { App } from '@slack/bolt';
import type { AdapterHandlers } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import type { Quoted } from '../../src/core/request.ts';
import type { Accounts } from './accounts.ts';
import type { SlackClient } from './client.ts';
import type { Requests, SlackRequest } from './requests.ts';
import { fromSlackText } from './text.ts';
import type { UserGroups } from './user-groups.ts';

/** The reaction that keeps a message as a note. */
const NOTE_REACTION = 'memo';
/** `callback_id` of the message shortcut in slack-manifest.yaml. */
export const SAVE_AS_NOTE = 'save_as_note';

/** Handles messages: those to the bot, and those to keep as notes. */
export function addDiscussion(
  app: App,
  requests: Requests,
  deps: {
    handlers: AdapterHandlers;
    client: SlackClient;
    accounts: Accounts;
    groups: Pick<UserGroups, 'changed'>;
    ports: Pick<AdapterPorts, 'channels' | 'log'>;
    botUserId(): string;
    showHome(user: string): Promise<void>;
  },
): void {
  const { handlers, client, accounts, groups, ports } = deps;
  const { log } = ports;
  const { invoke, work } = requests;

  app.shortcut({ callback_id: SAVE_AS_NOTE, type: 'message_action' }, async ({ ack, shortcut }) => {
    await ack();
    const message = shortcut.message as SlackMessage;
    const request: SlackRequest = {
      user: shortcut.user.id,
      team: shortcut.user.team_id,
      channel: shortcut.channel.id,
      thread: message.thread_ts ?? shortcut.message_ts,
      isInThread: message.thread_ts !== undefined && message.thread_ts !== shortcut.message_ts,
      responseUrl: shortcut.response_url,
    };
    work(request, () => keepAsNote(request, { ...message, ts: shortcut.message_ts }));
  });

  app.event('reaction_added', async ({ event }) => {
    if (event.item.type !== 'message' || event.user === deps.botUserId()) return;
    const { channel, ts } = event.item;
    if (!ports.channels().some(({ id }) => id === channel)) return;
    handlers.looked({
      adapter: 'slack',
      message: { channel, id: ts },
      who: () => accounts.person({ user: event.user }, channel),
    });
    if (event.reaction !== NOTE_REACTION) return;
    const request: SlackRequest = { user: event.user, channel, thread: ts };
    work(request, async () => {
      const { messages } = await client.call<{ messages: SlackMessage[] }>('conversations.replies', {
        channel,
        ts,
        limit: 1,
        inclusive: true,
      });
      const message = messages.find((each) => each.ts === ts);
      if (!message || message.user === undefined || message.user === deps.botUserId()) return;
      const thread = message.thread_ts ?? ts;
      // People react with it to anything: where no job is discussed, it means nothing to the bot.
      if (!handlers.isOfJob({ adapter: 'slack', thread: { channel, id: thread } })) return;
      await keepAsNote({ ...request, thread, isInThread: thread !== ts }, message);
    });
  });

  const read = (text: string | undefined) => fromSlackText(text ?? '', accounts.nameOf);

  /** What was kept of a message follows what becomes of it; a deleted one that has replies stays as a tombstone. */
  function follow(event: Followed): void {
    const { channel, message } = event;
    if (event.subtype === 'message_deleted')
      handlers.revised(sourceOf(channel, event.deleted_ts ?? ''), undefined);
    else if (message)
      handlers.revised(
        sourceOf(channel, message.ts),
        message.subtype === 'tombstone' ? undefined : read(message.text),
      );
  }

  async function keepAsNote(request: SlackRequest, message: SlackMessage): Promise<void> {
    const text = read(message.text).trim();
    if (text === '' || message.user === undefined)
      throw new BotError('no-text', 'That message has no text from a person.', 'Nothing was kept.');
    const quoted = await quote(request.channel!, message, text);
    await invoke(request, { kind: 'options', command: 'note', options: { text } }, quoted);
  }

  async function quote(channel: string, message: SlackMessage, text: string): Promise<Quoted> {
    const author = await accounts.author(message.user!);
    const link = await client
      .call<{ permalink: string }>('chat.getPermalink', { channel, message_ts: message.ts })
      .then(({ permalink }) => permalink)
      .catch(() => '');
    return {
      author,
      text,
      at: Math.round(Number(message.ts) * 1000),
      link,
      id: sourceOf(channel, message.ts),
    };
  }

  app.event('app_mention', async ({ event }) => {
    if (event.user === undefined || event.bot_id !== undefined) return;
    const { user, channel, thread_ts: thread, ts } = event;
    const press = { kind: 'words' as const, id: `${channel}/${ts}` };
    const isInThread = thread !== undefined;
    const request: SlackRequest = { user, team: teamOf(event), channel, thread, isInThread, press };
    const mention = `<@${deps.botUserId()}>`;
    const words = read(event.text.slice(event.text.indexOf(mention) + mention.length)).trim();
    work(request, () => invoke(request, { kind: 'text', words: words.replace(/^[:,]\s*/, '') }));
  });

  app.message(async ({ message }) => {
    if (message.subtype === 'message_changed' || message.subtype === 'message_deleted')
      return follow(message);
    if (message.subtype !== undefined || message.user === undefined || message.bot_id !== undefined) return;
    const { channel, ts, thread_ts: thread, text = '' } = message;
    const press = { kind: 'words' as const, id: `${channel}/${ts}` };
    const request: SlackRequest = { user: message.user, team: teamOf(message), channel, thread, press };
    if (message.channel_type === 'im') {
      const words = read(text)
        .trim()
        .replace(/^\/?xax\s+/, '');
      work(request, () => invoke(request, { kind: 'text', words }));
      return;
    }
    const by = { user: message.user, team: teamOf(message) };
    if (thread !== undefined)
      handlers.looked({
        adapter: 'slack',
        message: { channel, id: thread },
        who: () => accounts.person(by, channel),
      });
    const captured = ports.channels().some(({ id, capturesThreads }) => id === channel && capturesThreads);
    const isForUs = text.includes(`<@${deps.botUserId()}>`);
    if (!captured || thread === undefined || isForUs) return;
    // Nobody asked for anything, so that nobody is told of what fails.
    await Promise.all([accounts.person(by, channel), quote(channel, message, read(text))]).then(
      ([person, said]) => handlers.heard({ adapter: 'slack', thread: { channel, id: thread }, person }, said),
      (error) => log.warn({ error: errorText(error) }, 'what was said in a thread of Slack was not kept'),
    );
  });

  // What Slack said of them is asked again when they do something.
  app.event('user_change', async ({ event }) => accounts.changed(event.user.id));
  app.event('subteam_updated', async ({ event }) => groups.changed(event.subteam.id));
  app.event('subteam_members_changed', async ({ event }) => groups.changed(event.subteam_id));

  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return;
    work({ user: event.user, channel: null }, () => deps.showHome(event.user));
  });
}

/** The workspace of whoever says something; in a channel that several share it may be another than ours. */
function teamOf(event: object): string | undefined {
  const { user_team: theirs, team } = event as { user_team?: string; team?: string };
  return theirs ?? team;
}

/** Of the events `message_changed` and `message_deleted`, what is looked at. */
interface Followed {
  subtype: string;
  channel: string;
  deleted_ts?: string;
  message?: { ts: string; subtype?: string | undefined; text?: string };
}

/** Names a message, as what a note was made from. */
function sourceOf(channel: string, ts: string): string {
  return `slack:${channel}:${ts}`;
}

interface SlackMessage {
  ts: string;
  user?: string | undefined;
  text?: string | undefined;
  thread_ts?: string | undefined;
}
