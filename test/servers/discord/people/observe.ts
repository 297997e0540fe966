import type { Context } from '../context.ts';
import type { Json } from '../form.ts';
import { INTERACTION } from '../limits.ts';
import { CALLBACK, type Live } from '../open-interactions.ts';
import { findMessage } from '../world.ts';
import { type MessageView, viewOf } from './view.ts';

export interface Modal extends Json {
  custom_id: string;
  title: string;
  components: Json[];
}

/** An interaction as the platform saw it; the functions tell what is so now. */
export interface Observed {
  id: string;
  user: string;
  channel: string;
  /** No first reply within 3 s: "The application did not respond". */
  failed: boolean;
  /** The first reply's type and data; null without one. */
  type: number | null;
  data: Json | null;
  /** Milliseconds until the first reply. */
  afterMs: number | null;
  modal: Modal | null;
  choices: { name: string; value: string | number }[] | null;
  /** The message that `@original` names. */
  message(): MessageView | null;
  followups(): MessageView[];
  /** Resolves when this holds, checked after each reply, edit and followup; throws after `timeoutMs`. */
  waitFor(what: string, holds: (observed: Observed) => boolean, timeoutMs?: number): Promise<Observed>;
  /** The reply's message once it is no longer loading. */
  waitForMessage(timeoutMs?: number): Promise<MessageView>;
}

const PATIENCE_MS = 10_000;

/** Resolves when the first reply is there, or its 3 s are over. */
export async function observe(context: Context, live: Live): Promise<Observed> {
  const settled = () => {
    context.interactions.expire();
    return live.answer !== null || live.failed;
  };
  await until(context, settled, INTERACTION.firstReplyMs + 20).catch(() => {
    live.failed = live.answer === null;
  });
  return observedOf(context, live);
}

function observedOf(context: Context, live: Live): Observed {
  const { answer } = live;
  const read = (id: string | null) => {
    const message = id === null ? undefined : findMessage(context.world, id);
    return message ? viewOf(message) : null;
  };
  const observed: Observed = {
    id: live.id,
    user: live.user,
    channel: live.channel,
    failed: live.failed,
    type: answer?.type ?? null,
    data: answer?.data ?? null,
    afterMs: answer?.afterMs ?? null,
    modal: answer?.type === CALLBACK.modal ? (answer.data as Modal) : null,
    choices: answer?.type === CALLBACK.choices ? (answer.data.choices as Observed['choices']) : null,
    message: () => read(live.original),
    followups: () => live.followups.flatMap((id) => read(id) ?? []),
    async waitFor(what, holds, timeoutMs = PATIENCE_MS) {
      await until(context, () => holds(observed), timeoutMs).catch(() => {
        throw new Error(`Interaction ${live.id}: ${what} did not come within ${timeoutMs} ms`);
      });
      return observed;
    },
    async waitForMessage(timeoutMs) {
      await observed.waitFor('a message', () => observed.message()?.loading === false, timeoutMs);
      return observed.message()!;
    },
  };
  return observed;
}

/** Waits for something to hold, checked whenever an interaction changed; rejects after `timeoutMs` of real time. */
function until(context: Context, holds: () => boolean, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const check = () => {
      if (!holds()) return false;
      clearTimeout(timer);
      stop();
      resolve();
      return true;
    };
    const stop = context.interactions.watch(check);
    if (check()) return;
    timer = setTimeout(() => {
      if (check()) return;
      stop();
      reject(new Error('timeout'));
    }, timeoutMs);
  });
}
