import { type APIMessage, MessageFlags, Routes } from 'discord-api-types/v10';
import { DeliveryError, type Reply } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Message } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/patience.ts';
import type { Clock } from '../../src/core/time.ts';
import type { DiscordApi } from './api.ts';
import { DEAD_INTERACTIONS } from './problems.ts';
import type { Made, Sender } from './send.ts';

/** What the first answer to an interaction made or, as an edit of the pressed message, will change. */
const ORIGINAL = '@original';
/** How long an interaction may be answered, milliseconds (discord-api-docs, "Interaction Callback"), less a margin. */
const TOKEN_MS = 15 * 60_000 - 30_000;

/**
 * The answer of an interaction itself, which only the asker sees: it was deferred so, which nothing changes later. Later
 * answers edit it. `isUpdate`: what was deferred is an edit of the pressed message, beside which answers stand.
 */
export function createInteractionAnswer(
  deps: { api: DiscordApi; sender: Sender; applicationId(): string; clock: Clock; log: Log },
  token: string,
  isUpdate: boolean,
) {
  const { api, sender, log } = deps;
  const since = deps.clock();
  /** The message that stands: first the deferred one. */
  let id: string | undefined = isUpdate ? undefined : ORIGINAL;
  let isDead = false;

  const isGood = () => !isDead && deps.clock() - since < TOKEN_MS;
  const path = (name: string) => Routes.webhookMessage(deps.applicationId(), token, name);

  async function put({ body, files }: Made): Promise<void> {
    if (id !== undefined && (await isEdited(id, { body, files }))) return;
    const flags = body.flags | MessageFlags.Ephemeral;
    const webhook = Routes.webhook(deps.applicationId(), token);
    // Discord looks at no nonce here, and what is for one reader alone cannot be looked up: it may be said twice.
    const sent = await api.call<APIMessage>('POST', webhook, {
      body: { ...body, flags },
      files,
      makes: true,
    });
    id = sent.id;
  }

  async function isEdited(name: string, { body, files }: Made): Promise<boolean> {
    try {
      await api.call('PATCH', path(name), { body, files });
      return true;
    } catch (error) {
      // Whoever does not want to see it dismisses it; the next one is another.
      if (!(error instanceof DeliveryError) || error.outcome !== 'gone') throw error;
      id = undefined;
      return false;
    }
  }

  /** As it is, but for failures after which no further try would help. */
  async function whileGood(work: () => Promise<void>): Promise<void> {
    if (!isGood()) throw new DeliveryError('gone', 'the interaction is too old to be answered');
    try {
      await work();
    } catch (error) {
      isDead = DEAD_INTERACTIONS.includes((error as { code?: number }).code ?? 0);
      if (!isDead) throw error;
      throw new DeliveryError('gone', errorText(error));
    }
  }

  async function edit(name: string | undefined, message: Message): Promise<void> {
    const put = async (made: Made) => {
      if (name === undefined || !(await isEdited(name, made)))
        throw new DeliveryError('gone', 'the message stands no more');
    };
    await withPatience(() => whileGood(() => sender.sendBy(token, message, {}, put)));
  }

  return {
    isGood,

    /** Whether an answer of it stands. */
    stands: () => id !== undefined,

    /** Edits its last answer for as long as that stands. Throws DeliveryError. */
    edit: (message: Message) => edit(id, message),

    /** Edits the message that was pressed. Throws DeliveryError. */
    editPressed: (message: Message) => edit(ORIGINAL, message),

    /** Shows this in place of what it showed before. Throws DeliveryError; the last answer is insisted on. */
    async show(message: Message, { final, ending }: Pick<Reply, 'final' | 'ending'>): Promise<void> {
      const attempt = () => whileGood(() => sender.sendBy(token, message, {}, put));
      if (final) await withPatience(attempt, { repeats: 1, ending });
      else await attempt();
    },

    /** Takes it away, where the answer stands elsewhere; nobody waits for that. */
    withdraw(): void {
      const name = id;
      id = undefined;
      if (name === undefined || !isGood()) return;
      withPatience(() => api.call('DELETE', path(name))).catch((error) =>
        log.debug({ error: errorText(error) }, 'a deferred answer stays open'),
      );
    },
  };
}

export type InteractionAnswer = ReturnType<typeof createInteractionAnswer>;
