import type { AgentActs } from '../core/agent-acts.ts';
import { type Mask, maskMessage } from '../core/masked.ts';
import type { Message, PersonId } from '../core/message.ts';
import type { MessageRef } from '../core/request.ts';

/** What a post says; it is rendered when it is first due and then kept, so that a second attempt says the same. */
export type PostSource =
  | { kind: 'transition'; transition: number }
  | { kind: 'ending'; transition: number }
  /** `isHere`: it was seen as it happened, and was only too much at once. */
  | { kind: 'away'; transitions: number[]; isHere?: boolean }
  /** An end, said outside the job's thread; `onlyOwner`: only if the job turns out to be this person's. */
  | { kind: 'ending-alone'; transition: number; onlyOwner?: PersonId }
  | { kind: 'message'; message: Message }
  /** Changes of one job of which each was too little news for a post of its own, told together in its thread. */
  | { kind: 'changes'; transitions: number[] }
  | { kind: 'acts'; agents: readonly AgentActs[] };

/** What a post says, as it is kept. */
export function maskedSource(source: PostSource, mask: Mask): PostSource {
  if (source.kind === 'message') return { ...source, message: maskMessage(source.message, mask) };
  if (source.kind !== 'acts') return source;
  const latest = (acts: AgentActs) =>
    acts.latest.map((each) => ({ ...each, message: maskMessage(each.message, mask) }));
  return { ...source, agents: source.agents.map((each) => ({ ...each, latest: latest(each) })) };
}

/** The changes that a post in a job's thread tells. */
export function transitionsIn(source: PostSource): readonly number[] {
  if (source.kind === 'transition' || source.kind === 'ending') return [source.transition];
  return source.kind === 'changes' ? source.transitions : [];
}

/** What people wait for goes before other news, and that before what only makes a card look newer. */
export const LANES = { awaited: 0, news: 1, looks: 2 } as const;
export type Lane = (typeof LANES)[keyof typeof LANES];

/**
 * The forms in which a message goes out, each tried when the one before is refused: as it is; its words in one text, with
 * its buttons; its words alone. A delivery whose form is beyond the last was refused in all of them.
 */
export const FORMS = ['whole', 'simple', 'words'] as const;
export type Form = (typeof FORMS)[number];

export interface Delivery {
  id: number;
  kind: 'card' | 'post';
  /** Names the message on the platform, so that a doubtful send can be looked up; a card that is sent again has a new one. */
  key: string;
  adapter: string;
  channel: string;
  /** `board`, or a job's key text: the card, or the card in whose thread the post belongs. */
  subject: string | null;
  /** The subject of the card in whose thread this card stands; null: in the channel itself. */
  within: string | null;
  /** A post's source, and its message once it has been rendered. */
  body: { source: PostSource; message?: Message } | null;
  /** A card's wanted version when it was taken. */
  wanted: number;
  deliveredHash: string | null;
  ref: MessageRef | null;
  thread: MessageRef | null;
  /** A card's: the message under which its thread goes on, when that is not the card. */
  root: MessageRef | null;
  /** A card's: why its thread takes nothing more, until something was said elsewhere in its place. */
  closed: string | null;
  /** How many of `FORMS` were refused, and the hash of the message that they are forms of. */
  form: number;
  formOf: string | null;
  lane: number;
  /** What its last attempt ended with, if that was no success. */
  error: string | null;
  /** An earlier attempt ended without an answer: look it up before sending. */
  doubtful: boolean;
  alsoInChannel: boolean;
  attempts: number;
  createdAt: number;
  /** When it was to be said at the earliest, epoch milliseconds. */
  dueAt: number;
}

/** A delivery as it is stored. */
export interface DeliveryRow {
  id: number;
  kind: 'card' | 'post';
  /** A post's; null of a card. */
  key: string | null;
  adapter: string;
  channel: string;
  subject: string | null;
  within: string | null;
  /** null once it was said. */
  body: string | null;
  wanted: number;
  delivered_hash: string | null;
  ref: string | null;
  thread: string | null;
  state: string;
  also_in_channel: number;
  replaced: number;
  form: number;
  form_of: string | null;
  closed: string | null;
  root: string | null;
  lane: number;
  error: string | null;
  attempts: number;
  created_at: number;
  not_before: number;
}

/** The delivery of a row. */
export function deliveryOf(row: DeliveryRow): Delivery {
  const { adapter, channel, subject } = row;
  const key = row.key ?? `card:${subject}:${adapter}:${channel}`;
  const placed = (text: string | null) => (text === null ? null : refOf(text, channel));
  return {
    id: row.id,
    kind: row.kind,
    key: row.replaced === 0 ? key : `${key}#${row.replaced}`,
    ...{ adapter, channel, subject },
    within: row.within,
    body: row.body === null ? null : (JSON.parse(row.body) as NonNullable<Delivery['body']>),
    wanted: row.wanted,
    deliveredHash: row.delivered_hash,
    ref: placed(row.ref),
    thread: placed(row.thread),
    root: placed(row.root),
    closed: row.closed,
    form: row.form,
    formOf: row.form_of,
    lane: row.lane,
    error: row.error,
    doubtful: row.state === 'sending',
    alsoInChannel: row.also_in_channel === 1,
    attempts: row.attempts,
    createdAt: row.created_at,
    dueAt: Math.max(row.created_at, row.not_before),
  };
}

/** A message's place on its platform, as it is stored and compared; `from`: the channel of the delivery that it is stored with. */
export function refText({ channel, id }: MessageRef, from?: string): string {
  return channel === from && !id.startsWith('{') ? id : JSON.stringify({ channel, id });
}

function refOf(text: string, from: string): MessageRef {
  return text.startsWith('{') ? (JSON.parse(text) as MessageRef) : { channel: from, id: text };
}

/** SQL: a delivery stands at a place, bound as `@ref` in whole, and as `@id` in `@channel`. */
export const STANDS_AT = `(ref = @ref OR (ref = @id AND channel = @channel))`;

/** What `STANDS_AT` is asked with. */
export const placeOf = (adapter: string, ref: MessageRef) => ({
  ...{ adapter, channel: ref.channel, id: ref.id },
  ref: refText(ref),
});

/** Characters of a message's hash: 132 bits. */
export const HASH_LENGTH = 22;

/** Before the key of what belongs in a thread: the key of what tells the channel itself the same. */
export const BESIDE = 'beside:';

/** SQL of a delivery's key, without how often it was sent again. */
export const KEY = `coalesce(key, 'card:' || subject || ':' || adapter || ':' || channel)`;

/** The subject of the card in whose thread a delivery belongs; null: it stands in the channel itself. */
export function aboveOf({ kind, subject, within }: Delivery): string | null {
  return kind === 'card' ? within : subject;
}
