import type { Message } from './message.ts';

/** What an agent did on its own in one place. */
export interface AgentActs {
  agent: string;
  /** How often each command was given. */
  counts: Record<string, number>;
  /** The latest of them with what they were answered, oldest first. */
  latest: readonly { command: string; message: Message }[];
}

/** So many are kept with their answers. */
const LATEST_MAX = 3;

/** What agents did before and then, told together: what one of them did stands in one entry. */
export function togetherWith(before: readonly AgentActs[], then: AgentActs): AgentActs[] {
  const own = before.find(({ agent }) => agent === then.agent);
  if (!own) return [...before, then];
  const counts = { ...own.counts };
  for (const [command, count] of Object.entries(then.counts))
    counts[command] = (counts[command] ?? 0) + count;
  const latest = [...own.latest, ...then.latest].slice(-LATEST_MAX);
  return before.map((each) => (each === own ? { agent: own.agent, counts, latest } : each));
}
