import { LRUCache } from 'lru-cache';
import type { AdapterHandlers, Invocation, Reply } from '../../src/core/adapter.ts';
import { commandNamed } from '../../src/core/command-names.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { isRefusal, withFormAgain } from '../../src/core/form.ts';
import type { Log } from '../../src/core/log.ts';
import { textMessage } from '../../src/core/message.ts';
import type { Person } from '../../src/core/person.ts';
import type { MessageRef, Quoted } from '../../src/core/request.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import type { Accounts } from './accounts.ts';
import type { SlackClient } from './client.ts';
import { type FormOrigin, formView } from './modal.ts';
import { createReplies, type ReplyDeps } from './replies.ts';

/** How many payloads are remembered so that none is taken twice when Slack sends it again. */
const SEEN_MAX = 2_000;

/** Who asks, and where the answer goes. */
export interface Where {
  user: string;
  /** null: only the asker (the Home tab). */
  channel: string | null;
  thread?: string | undefined;
  responseUrl?: string | undefined;
}

/** Common to everything people do in Slack: who they are, and how they are answered. */
export function createAsking(deps: {
  handlers: AdapterHandlers;
  client: SlackClient;
  accounts: Accounts;
  replies: ReplyDeps;
  log: Log;
}) {
  const { handlers, client, accounts, log } = deps;
  const seen = new LRUCache<string, true>({ max: SEEN_MAX });

  /** Slack sends again what was not acknowledged, and a message with a mention twice. */
  function isNew(key: string): boolean {
    if (seen.has(key)) return false;
    seen.set(key, true);
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
    const invocation = await invocationOf(where, input, quoted);
    await handlers.invoke(invocation, answerTo(where, invocation));
  }

  async function invocationOf(
    where: Where,
    input: Invocation['input'],
    quoted?: Quoted,
  ): Promise<Invocation> {
    return { ...placeOf(where, await personAt(where)), input, ...(quoted ? { quoted } : {}) };
  }

  /**
   * Does what a form asks for; resolves to what it is refused with, which is then said nowhere else. Undefined when it
   * was not refused, or not by then: a later refusal is answered with a way back into the form.
   */
  function refusalWithin(
    waitMs: number,
    where: Where,
    input: Invocation['input'] & { kind: 'options' },
  ): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      let isWaiting = true;
      const settle = (refusal?: Reply) => {
        isWaiting = false;
        resolve(refusal);
      };
      const timer = setTimeout(settle, waitMs);
      work(where, async () => {
        try {
          const invocation = await invocationOf(where, input);
          const answer = answerTo(where, invocation);
          await handlers.invoke(invocation, async (reply) => {
            if (isWaiting && isRefusal(reply)) return settle(reply);
            settle();
            await answer(withFormAgain(reply, input));
          });
        } finally {
          clearTimeout(timer);
          settle();
        }
      });
    });
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
      asked: `${invocation.person.name}: ${typedWords(invocation, handlers.commands)}`,
    });
  }

  /** Reports an error privately when a command could not even be tried. */
  async function refuse(where: Where, error: unknown): Promise<void> {
    if (!(error instanceof BotError)) log.error({ err: error }, 'something people did in Slack failed');
    const text =
      error instanceof BotError
        ? errorText(error)
        : "Something went wrong here. The bot's own log has the details.";
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
    const options = commandNamed(command, handlers.commands)?.options ?? {};
    const name = Object.keys(options).find((each) => options[each]!.type === 'preset');
    if (name === undefined) return [];
    const where = { adapter: 'slack', channel: 'home', person: CHECKER };
    const found = await handlers.suggest(where, { command, option: name, typed: '', given: {} });
    return found.map(({ insert }) => insert);
  }

  return { isNew, isDirect, personAt, placeOf, invoke, refusalWithin, work, openForm, originOf, presetsOf };
}

export type Requester = ReturnType<typeof createAsking>;

/** For checking words alone: whoever may do anything. */
export const CHECKER: Person = { id: 'check', name: 'check', role: 'admin' };
