import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
  RESTJSONErrorCodes,
  type StringSelectMenuInteraction,
} from 'discord.js';
import type { Account, AdapterHandlers, Invocation } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { BotError, errorText } from '../../src/core/errors.ts';
import { withFormAgain } from '../../src/core/form.ts';
import type { Log } from '../../src/core/log.ts';
import type { Person } from '../../src/core/person.ts';
import type { Press } from '../../src/core/press.ts';
import type { MessageRef, Quoted, RequestContext } from '../../src/core/request.ts';
import { typedWords } from '../../src/core/typed-words.ts';
import type { DiscordApi } from './api.ts';
import { createInteractionAnswer } from './interaction-answer.ts';
import type { Members } from './members.ts';
import { createReplies } from './replies.ts';
import type { Rivals } from './rivals.ts';
import type { Sender } from './send.ts';

export interface InteractionDeps {
  handlers: AdapterHandlers;
  api: DiscordApi;
  sender: Sender;
  ports: AdapterPorts;
  rivals: Rivals;
  members: Members;
  log: Log;
}

type Answerable =
  | ChatInputCommandInteraction
  | ButtonInteraction
  | ModalSubmitInteraction
  | StringSelectMenuInteraction
  | MessageContextMenuCommandInteraction;

/** Who asks, and where the answer goes. */
export interface DiscordRequest {
  account: Pick<Account, 'id' | 'name'>;
  /** What Discord says of them, for which it may have to be asked. */
  facts: () => Promise<Pick<Account, 'kind' | 'groups'>>;
  /** The channel of the settings, the parent of a thread; null in direct messages. */
  channel: string | null;
  /** Where it was said: a channel, or a thread. */
  place: string;
  thread: MessageRef | undefined;
  token: string | undefined;
  /** A button whose answer stands in place of the message that it is on. */
  isUpdate?: boolean;
  /** What it came from. */
  press: Press;
}

/** Common to everything people do in Discord: who they are, and how they are answered. */
export function createRequests(client: Client, deps: InteractionDeps) {
  const { handlers, api, sender, ports, members, log } = deps;
  const applicationId = () => client.application?.id ?? '';
  const replyDeps = { api, sender, applicationId, clock: ports.clock, log };

  async function personAt({
    account,
    facts,
    channel,
  }: Pick<DiscordRequest, 'account' | 'facts' | 'channel'>): Promise<Person> {
    return ports.person({ ...account, ...(await facts()) }, members.room(channel));
  }

  async function contextOf(request: DiscordRequest): Promise<RequestContext> {
    const { account, channel, thread } = request;
    const person = await personAt(request);
    return {
      adapter: 'discord',
      channel: channel ?? 'direct',
      ...(thread ? { thread } : {}),
      person,
      account: { id: account.id, name: account.name },
    };
  }

  function answerTo(request: DiscordRequest, asked: string) {
    return createReplies(replyDeps, {
      user: request.account.id,
      channel: request.place,
      isDirect: request.channel === null,
      token: request.token,
      isUpdate: request.isUpdate === true,
      asked,
    });
  }

  async function invoke(request: DiscordRequest, input: Invocation['input'], quoted?: Quoted): Promise<void> {
    const press = pressOf(request);
    const context = await contextOf(request);
    const invocation: Invocation = { ...context, input, press, ...(quoted ? { quoted } : {}) };
    await handlers.invoke(
      invocation,
      answerTo(request, `${invocation.person.name}: ${typedWords(invocation, handlers)}`),
    );
  }

  function pressOf({ press, token, isUpdate }: DiscordRequest): Press {
    if (!isUpdate || token === undefined) return press;
    return { ...press, edit: createInteractionAnswer(replyDeps, token, true).editPressed };
  }

  /** Discord has closed the form by now: a refusal leads back into it, with what was filled in. */
  async function invokeForm(
    request: DiscordRequest,
    input: Invocation['input'] & { kind: 'options' },
  ): Promise<void> {
    const invocation: Invocation = { ...(await contextOf(request)), input, press: request.press };
    const answer = answerTo(request, `${invocation.person.name}: ${typedWords(invocation, handlers)}`);
    await handlers.invoke(invocation, (reply) => answer(withFormAgain(reply, input)));
  }

  /** Runs work whose failures are reported and never end the process. */
  async function work(request: DiscordRequest, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      await refuse(request, error);
    }
  }

  /** Reports an error privately when a command could not even be tried. */
  async function refuse(request: DiscordRequest, error: unknown): Promise<void> {
    const reply = handlers.failed(error, { adapter: 'discord', account: request.account.id });
    await answerTo(
      request,
      '',
    )(reply).catch((again) => log.warn({ error: errorText(again) }, 'an answer did not reach Discord'));
  }

  /**
   * Does what an interaction asks for, once Discord has been told that an answer will come. Where that cannot be said Discord
   * tells them that it failed, so nothing is done. Rejects with that, and for what another process has taken.
   */
  async function workDeferred(
    interaction: Answerable,
    request: DiscordRequest,
    task: () => Promise<void>,
  ): Promise<void> {
    try {
      await defer(interaction, request.isUpdate);
    } catch (error) {
      if (!isTaken(error)) await refuse(request, UNHEARD);
      throw error;
    }
    await work(request, task);
  }

  /**
   * Says within Discord's three seconds that an answer will come, or an edit of the pressed message; tried once more, which tells whether it was taken.
   * Error 40060 (of the first try): another process has taken the interaction, and does what was asked.
   */
  async function defer(interaction: Answerable, isUpdate = false): Promise<void> {
    const attempt = (): Promise<unknown> =>
      isUpdate && interaction.isButton()
        ? interaction.deferUpdate()
        : interaction.deferReply({ flags: MessageFlags.Ephemeral });
    try {
      await attempt();
    } catch (error) {
      if (isTaken(error)) throw error;
      await attempt().catch((again) => {
        if (!isTaken(again)) throw again;
      });
    }
  }

  return { personAt, contextOf, invoke, invokeForm, work, workDeferred };
}

const UNHEARD = new BotError(
  'unheard',
  'Discord did not take in time that xaxbot had heard you.',
  'Nothing was done: try it again.',
);

export type Requests = ReturnType<typeof createRequests>;

function isTaken(error: unknown): boolean {
  return (error as { code?: unknown }).code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged;
}
