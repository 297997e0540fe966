import type { Message } from './message.ts';

/** What an agent did on its own in one place. */
export interface AgentActs {
  agent: string;
  /** How often each command was given. */
  counts: Record<string, number>;
  /** The latest of them with what they were answered, oldest first. */
  latest: readonly { command: string; message: Message }[];
}

/** So many are kept with their answers of one agent, and of all together. */
const LATEST_OF_ONE = 3;
const LATEST_OF_ALL = 6;

/** What agents did before and then, told together: what one of them did stands in one entry. */
export function togetherWith(before: readonly AgentActs[], then: AgentActs): AgentActs[] {
  const own = before.find(({ agent }) => agent === then.agent);
  const counts = { ...own?.counts };
  for (const [command, count] of Object.entries(then.counts))
    counts[command] = (counts[command] ?? 0) + count;
  const latest = [...(own?.latest ?? []), ...then.latest].slice(-LATEST_OF_ONE);
  const now = { agent: then.agent, counts, latest };
  return withLatest(own ? before.map((each) => (each === own ? now : each)) : [...before, now], now);
}

/** Leaves out answers, of those first who come first, until there are few enough; those of `kept` stay. */
function withLatest(all: readonly AgentActs[], kept: AgentActs): AgentActs[] {
  let over = all.reduce((sum, { latest }) => sum + latest.length, 0) - LATEST_OF_ALL;
  return all.map((each) => {
    if (over <= 0 || each === kept || each.latest.length === 0) return each;
    const left = each.latest.slice(over);
    over -= each.latest.length - left.length;
    return { ...each, latest: left };
  });
}
