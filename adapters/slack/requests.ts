import type { ModalView } from '@slack/types';
import type { AdapterHandlers, Invocation, Reply } from '../../src/core/adapter.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { isRefusal, withFormAgain } from '../../src/core/form.ts';
import type { Log } from '../../src/core/log.ts';
import type { Person } from '../../src/core/person.ts';
import { type Press, tooOld } from '../../src/core/press.ts';
import type { MessageRef, Quoted, RequestContext } from '../../src/core/request.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import type { Accounts, SlackUserRef } from './accounts.ts';
import type { SlackClient } from './client.ts';
import type { FormSeal } from './form-seal.ts';
import { type FormOrigin, formOrigin, formView } from './modal.ts';
import { editOf, type Pressed } from './pressed.ts';
import { createReplies, type ReplyDeps } from './replies.ts';

/** Who asks, and where the answer goes. */
export interface SlackRequest extends SlackUserRef {
  /** null: only the asker (the Home tab). */
  channel: string | null;
  /** The thread that it is about, and in which everybody is answered. */
  thread?: string | undefined;
  /** They did it in that thread, not at the message above it. */
  isInThread?: boolean | undefined;
  responseUrl?: string | undefined;
  /** What it came from. */
  press?: Press | undefined;
}

/** Common to everything people do in Slack: who they are, and how they are answered. */
export function createRequests(deps: {
  handlers: AdapterHandlers;
  client: SlackClient;
  accounts: Accounts;
  replies: ReplyDeps;
  seal: FormSeal;
  log: Log;
}) {
  const { handlers, client, accounts, seal, log } = deps;

  const isDirect = (channel: string | null) => channel?.startsWith('D') === true;

  const roomOf = ({ channel }: SlackRequest) => (channel === null || isDirect(channel) ? null : channel);

  const personAt = (request: SlackRequest): Promise<Person> => accounts.person(request, roomOf(request));
  /** As far as they are known without asking Slack, which waits three seconds for some answers. */
  const knownAt = (request: SlackRequest): Person => accounts.known(request, roomOf(request));

  function refOf(channel: string | null, ts: string | undefined): MessageRef | undefined {
    return channel === null || ts === undefined ? undefined : { channel, id: ts };
  }

  async function invoke(request: SlackRequest, input: Invocation['input'], quoted?: Quoted): Promise<void> {
    const invocation = await invocationOf(request, input, quoted);
    await handlers.invoke(invocation, answerTo(request, invocation));
  }

  async function invocationOf(
    request: SlackRequest,
    input: Invocation['input'],
    quoted?: Quoted,
  ): Promise<Invocation> {
    const { press } = request;
    return { ...contextOf(request, await personAt(request)), input, press, ...(quoted ? { quoted } : {}) };
  }

  /**
   * Does what a form asks for; resolves to what it is refused with, which is then said nowhere else. Undefined when it
   * was not refused, or not by then: a later refusal is answered with a way back into the form.
   */
  function refusalWithin(
    waitMs: number,
    request: SlackRequest,
    input: Invocation['input'] & { kind: 'options' },
  ): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      let isWaiting = true;
      const settle = (refusal?: Reply) => {
        isWaiting = false;
        resolve(refusal);
      };
      const timer = setTimeout(settle, waitMs);
      work(request, async () => {
        try {
          const invocation = await invocationOf(request, input);
          const answer = answerTo(request, invocation);
          await handlers.invoke(invocation, async (reply) => {
            if (isWaiting && isRefusal(reply)) {
              settle(reply);
              return undefined;
            }
            settle();
            return answer(withFormAgain(reply, input));
          });
        } finally {
          clearTimeout(timer);
          settle();
        }
      });
    });
  }

  function contextOf(request: SlackRequest, person: Person): RequestContext {
    const thread = refOf(request.channel, request.thread);
    return {
      adapter: 'slack',
      channel: request.channel ?? 'home',
      ...(thread ? { thread } : {}),
      person,
      account: { id: request.user, name: person.name },
    };
  }

  function answerTo(request: SlackRequest, invocation: Invocation) {
    return repliesTo(request, `${invocation.person.name}: ${typedWords(invocation, handlers)}`);
  }

  function repliesTo(
    { user, channel, thread, isInThread = false, responseUrl }: SlackRequest,
    asked: string,
  ) {
    return createReplies(deps.replies, {
      user,
      channel,
      thread,
      isInThread,
      isDirect: isDirect(channel),
      responseUrl,
      asked,
    });
  }

  /** Reports an error privately when a command could not even be tried. */
  async function refuse(request: SlackRequest, error: unknown): Promise<void> {
    const reply = handlers.failed(error, { adapter: 'slack', account: request.user });
    await repliesTo(request, '')(reply);
  }

  /** Work that follows an acknowledgement: its failures are told, and never end the process. */
  function work(request: SlackRequest, task: () => Promise<void>): void {
    task()
      .catch((error) => refuse(request, error))
      .catch((error) => log.warn({ error: errorText(error) }, 'an answer did not reach Slack'));
  }

  async function openForm(
    request: SlackRequest,
    trigger: string,
    command: string,
    options: Record<string, string>,
  ): Promise<void> {
    const modal = await formFor(request, await personAt(request), command, options);
    const view = sealedFor(request, formView(modal, originOf(request)));
    try {
      await client.call('views.open', { trigger_id: trigger, view });
    } catch (error) {
      log.warn({ error: errorText(error), command }, 'a form was not opened');
      if ((error as { code?: unknown }).code !== 'expired_trigger_id') throw error;
      throw new BotError(
        'form-late',
        'The form could not be opened: Slack takes one for three seconds after a press.',
        `Press again, or give the command: "${handlers.typed('slack', `help ${command}`)}" tells how.`,
      );
    }
  }

  function formFor(request: SlackRequest, person: Person, command: string, options: Record<string, string>) {
    const input = { kind: 'options' as const, command, options };
    return handlers.form({ ...contextOf(request, person), input }, command, options);
  }

  function originOf({ channel, thread, isInThread }: SlackRequest): Omit<FormOrigin, 'command' | 'fixed'> {
    return {
      channel: channel ?? '',
      ...(thread === undefined ? {} : { thread }),
      ...(isInThread ? { isInThread } : {}),
    };
  }

  /** A form of ours for whoever it is opened for: what stands in it comes back as it is, or not at all. */
  function sealedFor({ user }: SlackRequest, view: ModalView): ModalView {
    return { ...view, private_metadata: seal.sealed(view.private_metadata ?? '', user) };
  }

  /** Where a form was opened, and what it is about. Error `old-form` for one that is not as it was opened for them. */
  function originIn(view: { private_metadata: string }, user: string): FormOrigin {
    const text = seal.opened(view.private_metadata, user);
    if (text === undefined) throw tooOld('form', handlers.typed('slack', 'help'));
    return formOrigin(text);
  }

  const editPressed = (pressed: Pressed) => editOf(deps.replies, pressed);

  return {
    personAt,
    knownAt,
    sealedFor,
    originIn,
    editPressed,
    contextOf,
    invoke,
    refusalWithin,
    work,
    openForm,
    formFor,
    originOf,
  };
}

export type Requests = ReturnType<typeof createRequests>;
