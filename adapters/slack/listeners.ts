import type { App } from '@slack/bolt';
import type { AdapterHandlers, Invocation, MessageRef, Quoted } from '../../src/core/adapter.ts';
import type { DoorLog, DoorPorts } from '../../src/core/door.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { textMessage } from '../../src/core/message.ts';
import { allows, type Person } from '../../src/core/person.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import type { Accounts } from './accounts.ts';
import type { SlackClient } from './client.ts';
import { OPTION_MAX } from './limits.ts';
import {
  COMMAND_LIST,
  chosenCommand,
  commandListView,
  FORM,
  FORM_INPUT,
  type FormOrigin,
  formOrigin,
  formValues,
  formView,
  option,
} from './modal.ts';
import { createReplies, type ReplyDeps } from './replies.ts';
import { fromSlackText } from './text.ts';

/** The reaction that keeps a message as a note. */
const NOTE_REACTION = 'memo';
/** `callback_id` of the message shortcut in slack-manifest.yaml. */
export const SAVE_AS_NOTE = 'save_as_note';
/** The slash command of slack-manifest.yaml. */
export const SLASH_COMMAND = '/xax';
/** How many payloads are remembered so that none is taken twice when Slack sends it again. */
const SEEN_MAX = 2_000;

interface Where {
  user: string;
  /** null: only the asker (the Home tab). */
  channel: string | null;
  thread?: string | undefined;
  responseUrl?: string | undefined;
}

/** Takes what people do in Slack to the house. Every payload is acknowledged first, then worked on. */
export function addListeners(
  app: App,
  deps: {
    handlers: AdapterHandlers;
    client: SlackClient;
    accounts: Accounts;
    ports: DoorPorts;
    replies: ReplyDeps;
    botUserId(): string;
    showHome(user: string): Promise<void>;
    log: DoorLog;
  },
): void {
  const { handlers, client, accounts, ports, log } = deps;
  const seen = new Set<string>();

  /** Slack sends again what was not acknowledged, and a message with a mention twice. */
  function isNew(key: string): boolean {
    if (seen.has(key)) return false;
    seen.add(key);
    if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value!);
    return true;
  }

  const isDirect = (channel: string | null) => channel?.startsWith('D') === true;

  async function personAt({ user, channel }: Where): Promise<Person> {
    return accounts.person(user, channel === null || isDirect(channel) ? null : channel);
  }

  function refOf(channel: string | null, ts: string | undefined): MessageRef | undefined {
    return channel === null || ts === undefined ? undefined : { channel, id: ts };
  }

  async function invoke(where: Where, input: Invocation['input'], quoted?: Quoted): Promise<void> {
    const person = await personAt(where);
    const invocation: Invocation = {
      ...placeOf(where, person),
      input,
      ...(quoted ? { quoted } : {}),
    };
    await handlers.invoke(invocation, answerTo(where, invocation));
  }

  function placeOf(where: Where, person: Person): Omit<Invocation, 'input'> {
    const thread = refOf(where.channel, where.thread);
    return {
      adapter: 'slack',
      channel: where.channel ?? 'home',
      ...(thread ? { thread } : {}),
      person,
      account: { id: where.user, name: person.name },
    };
  }

  function answerTo(where: Where, invocation: Invocation) {
    return createReplies(deps.replies, {
      user: where.user,
      channel: where.channel,
      thread: where.thread,
      isDirect: isDirect(where.channel),
      responseUrl: where.responseUrl,
      asked: `${invocation.person.name}: ${typedWords(invocation)}`,
    });
  }

  /** Tells the asker alone what went wrong before a command could be tried. */
  async function refuse(where: Where, error: unknown): Promise<void> {
    if (!(error instanceof BotError)) log.error({ err: error }, 'something people did in Slack failed');
    const text =
      error instanceof BotError ? errorText(error) : "Something went wrong here. The host's log has more.";
    const replies = createReplies(deps.replies, {
      ...where,
      thread: where.thread,
      responseUrl: where.responseUrl,
      isDirect: isDirect(where.channel),
      asked: '',
    });
    await replies({ message: textMessage(text, 'warning'), visibility: 'private', ok: false, final: true });
  }

  /** Work that follows an acknowledgement: its failures are told, and never end the process. */
  function work(where: Where, task: () => Promise<void>): void {
    task()
      .catch((error) => refuse(where, error))
      .catch((error) => log.warn({ error: errorText(error) }, 'an answer did not reach Slack'));
  }

  async function openForm(
    where: Where,
    trigger: string,
    command: string,
    options: Record<string, string>,
  ): Promise<void> {
    const person = await personAt(where);
    const input = { kind: 'options' as const, command, options };
    const modal = await handlers.form({ ...placeOf(where, person), input }, command, options);
    const view = formView(modal, originOf(where), await presetsOf(command));
    await client.call('views.open', { trigger_id: trigger, view });
  }

  function originOf({ channel, thread }: Where): Omit<FormOrigin, 'command' | 'fixed'> {
    return { channel: channel ?? '', ...(thread === undefined ? {} : { thread }) };
  }

  /** The presets' names, where a command has an option for one. */
  async function presetsOf(command: string): Promise<string[]> {
    const options = handlers.commands.find(({ name }) => name === command)?.options ?? {};
    const name = Object.keys(options).find((each) => options[each]!.type === 'preset');
    if (name === undefined) return [];
    const where = { adapter: 'slack', channel: 'home', person: CHECKER };
    const found = await handlers.suggest(where, { command, option: name, typed: '', given: {} });
    return found.map(({ insert }) => insert);
  }

  app.command(SLASH_COMMAND, async ({ ack, command }) => {
    await ack();
    if (!isNew(command.trigger_id)) return;
    const where: Where = {
      user: command.user_id,
      channel: command.channel_id,
      responseUrl: command.response_url,
    };
    const words = fromSlackText(command.text ?? '').trim();
    work(where, async () => {
      if (words !== '') return invoke(where, { kind: 'text', words });
      const person = await personAt(where);
      const commands = handlers.commands.filter(({ role }) => allows(person.role, role));
      const view = commandListView(commands, originOf(where));
      await client.call('views.open', { trigger_id: command.trigger_id, view });
    });
  });

  app.action({ type: 'block_actions' }, async ({ ack, body, action }) => {
    await ack();
    if (!isNew(body.trigger_id) || action.type !== 'button') return;
    const { container } = body as { container?: { thread_ts?: string; message_ts?: string } };
    const channel = body.channel?.id ?? null;
    const where: Where = {
      user: body.user.id,
      channel,
      thread: channel === null ? undefined : (container?.thread_ts ?? container?.message_ts),
      responseUrl: body.response_url,
    };
    const isEphemeral = (container as { is_ephemeral?: boolean } | undefined)?.is_ephemeral === true;
    // What is shown to one person alone has no thread of its own.
    if (isEphemeral && container?.thread_ts === undefined) where.thread = undefined;
    work(where, async () => {
      const known = ports.actions.byId(action.value ?? '');
      if (!known)
        throw new BotError(
          'old-button',
          'That button is too old to be understood.',
          'Give the command instead.',
        );
      const { command, options, form } = known;
      if (form) return openForm(where, body.trigger_id, command, options);
      await invoke(where, { kind: 'options', command, options });
      if (channel === null) await deps.showHome(where.user);
    });
  });

  app.view({ callback_id: COMMAND_LIST, type: 'view_submission' }, async ({ ack, body, view: list }) => {
    const { channel, thread } = formOrigin(list.private_metadata);
    const where: Where = { user: body.user.id, channel: channel || null, thread };
    const command = chosenCommand(list.state.values);
    const declared = handlers.commands.find(({ name }) => name === command);
    // Nothing here asks anybody else: who may do it is judged when the form is sent.
    const hasOptions = declared !== undefined && Object.keys(declared.options).length > 0;
    if (!hasOptions) {
      await ack();
      work(where, () => invoke(where, { kind: 'options', command, options: {} }));
      return;
    }
    const fields = {
      title: declared.summary,
      command,
      submitLabel: 'Send',
      fields: declared.options,
      values: {},
    };
    const view = formView(fields, originOf(where), await presetsOf(command));
    await ack({ response_action: 'update', view });
  });

  app.view({ callback_id: FORM, type: 'view_submission' }, async ({ ack, body, view }) => {
    const { channel, thread, command, fixed } = formOrigin(view.private_metadata);
    const where: Where = { user: body.user.id, channel: channel || null, thread };
    const options = { ...formValues(view.state.values), ...fixed };
    const input = { kind: 'options' as const, command, options };
    // The words are checked at once, so that the form can show what is wrong; who asks is judged below.
    const wrong = handlers.check({ ...placeOf(where, CHECKER), input });
    if (wrong) {
      const blocks = Object.keys(view.state.values);
      const block = blocks.find((name) => name === wrong.option) ?? blocks[0];
      if (block !== undefined) {
        await ack({ response_action: 'errors', errors: { [block]: wrong.message } });
        return;
      }
    }
    await ack();
    work(where, () => invoke(where, input));
  });

  app.options(FORM_INPUT, async ({ ack, body, payload }) => {
    const { channel, thread, command } = formOrigin(body.view?.private_metadata ?? '{}');
    const where: Where = { user: body.user.id, channel: channel || null, thread };
    // Slack waits three seconds: whoever is not known yet is offered nothing rather than looked up.
    const person = accounts.known(where.user, isDirect(where.channel) ? null : where.channel);
    const asked = {
      command,
      option: payload.block_id,
      typed: payload.value,
      given: {},
    };
    const found = person ? await handlers.suggest(placeOf(where, person), asked) : [];
    const options = found
      .filter(({ insert }) => insert.length <= OPTION_MAX)
      .map(({ insert, label, description }) =>
        option(insert, description ? `${label}: ${description}` : label),
      );
    await ack({ options });
  });

  app.shortcut({ callback_id: SAVE_AS_NOTE, type: 'message_action' }, async ({ ack, shortcut }) => {
    await ack();
    if (!isNew(shortcut.trigger_id)) return;
    const message = shortcut.message as SlackMessage;
    const where: Where = {
      user: shortcut.user.id,
      channel: shortcut.channel.id,
      thread: message.thread_ts ?? shortcut.message_ts,
      responseUrl: shortcut.response_url,
    };
    work(where, () => keepAsNote(where, { ...message, ts: shortcut.message_ts }));
  });

  app.event('reaction_added', async ({ event }) => {
    if (event.reaction !== NOTE_REACTION || event.item.type !== 'message') return;
    const { channel, ts } = event.item;
    if (!ports.channels.some(({ id }) => id === channel)) return;
    const where: Where = { user: event.user, channel, thread: ts };
    work(where, async () => {
      const { messages } = await client.call<{ messages: SlackMessage[] }>('conversations.replies', {
        channel,
        ts,
        limit: 1,
        inclusive: true,
      });
      const message = messages.find((each) => each.ts === ts);
      if (!message || message.user === undefined || message.user === deps.botUserId()) return;
      await keepAsNote({ ...where, thread: message.thread_ts ?? ts }, message);
    });
  });

  async function keepAsNote(where: Where, message: SlackMessage): Promise<void> {
    const text = fromSlackText(message.text ?? '').trim();
    if (text === '' || message.user === undefined)
      throw new BotError('no-text', 'There are no words of a person in that message.', 'Nothing was kept.');
    const quoted = await quote(where.channel!, message, text);
    await invoke(where, { kind: 'options', command: 'note', options: { text } }, quoted);
  }

  async function quote(channel: string, message: SlackMessage, text: string): Promise<Quoted> {
    const author = await accounts.person(message.user!, isDirect(channel) ? null : channel);
    const link = await client
      .call<{ permalink: string }>('chat.getPermalink', { channel, message_ts: message.ts })
      .then(({ permalink }) => permalink)
      .catch(() => '');
    return {
      author: { id: author.id, name: author.name },
      text,
      at: Math.round(Number(message.ts) * 1000),
      link,
      id: `slack:${channel}:${message.ts}`,
    };
  }

  app.event('app_mention', async ({ event }) => {
    if (event.user === undefined || event.bot_id !== undefined || !isNew(`${event.channel}:${event.ts}`))
      return;
    const where: Where = { user: event.user, channel: event.channel, thread: event.thread_ts };
    const mention = `<@${deps.botUserId()}>`;
    const words = fromSlackText(event.text.slice(event.text.indexOf(mention) + mention.length)).trim();
    work(where, () => invoke(where, { kind: 'text', words: words.replace(/^[:,]\s*/, '') }));
  });

  app.message(async ({ message }) => {
    if (message.subtype !== undefined || message.user === undefined || message.bot_id !== undefined) return;
    const { channel, ts, thread_ts: thread, text = '' } = message;
    const where: Where = { user: message.user, channel, thread };
    if (message.channel_type === 'im') {
      if (!isNew(`${channel}:${ts}`)) return;
      const words = fromSlackText(text)
        .trim()
        .replace(/^\/?xax\s+/, '');
      work(where, () => invoke(where, { kind: 'text', words }));
      return;
    }
    const captured = ports.channels.some(({ id, capturesThreads }) => id === channel && capturesThreads);
    const isForUs = text.includes(`<@${deps.botUserId()}>`);
    if (!captured || thread === undefined || isForUs) return;
    work(where, async () => {
      const said = await quote(channel, message, fromSlackText(text));
      handlers.heard({ adapter: 'slack', thread: { channel, id: thread } }, said);
    });
  });

  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return;
    work({ user: event.user, channel: null }, () => deps.showHome(event.user));
  });
}

interface SlackMessage {
  ts: string;
  user?: string | undefined;
  text?: string | undefined;
  thread_ts?: string | undefined;
}

/** For checking words alone: whoever may do anything. */
const CHECKER: Person = { id: 'check', name: 'check', role: 'admin' };
