import type { Json } from './form.ts';
import { INTERACTION } from './limits.ts';

/** interactions/receiving-and-responding: Interaction Type. */
export const KIND = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
/** Interaction Callback Type. */
export const CALLBACK = {
  message: 4,
  deferMessage: 5,
  deferUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;

export interface Answer {
  type: number;
  data: Json;
  /** Milliseconds from the interaction to this first reply. */
  afterMs: number;
}

/** One interaction, from its event to the end of its token. */
export interface Live {
  id: string;
  token: string;
  kind: number;
  user: string;
  channel: string;
  /** The message whose component was used, or that the modal came from. */
  source: string | null;
  at: number;
  answer: Answer | null;
  /** The first reply did not come within 3 s. */
  failed: boolean;
  /** The message that `@original` names. */
  original: string | null;
  followups: string[];
}

export interface Interactions {
  open(parts: Pick<Live, 'kind' | 'user' | 'channel' | 'source'>): Live;
  find(token: string): Live | undefined;
  all(): Live[];
  /** Marks those whose 3 s are over. */
  expire(): void;
  /** Calls back after anything happened to an interaction; returns the way to stop. */
  watch(listener: () => void): () => void;
  touched(): void;
}

export function createInteractions(deps: { now(): number; newId(): string }): Interactions {
  const kept = new Map<string, Live>();
  const listeners = new Set<() => void>();
  return {
    open(parts) {
      const id = deps.newId();
      const live: Live = {
        ...parts,
        id,
        token: `interaction-${id}-${Math.random().toString(36).slice(2)}`,
        at: deps.now(),
        answer: null,
        failed: false,
        original: null,
        followups: [],
      };
      kept.set(live.token, live);
      return live;
    },
    find: (token) => kept.get(token),
    all: () => [...kept.values()],
    expire() {
      for (const live of kept.values())
        if (!live.answer && deps.now() - live.at > INTERACTION.firstReplyMs) live.failed = true;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    touched() {
      for (const listener of [...listeners]) listener();
    },
  };
}
