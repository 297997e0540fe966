import type { AgentAct } from '../chat/invoke.ts';
import type { AgentActs } from '../core/agent-acts.ts';
import type { JobKey } from '../core/job.ts';
import type { Destination } from '../core/request.ts';

/** Tells people what an agent has done by itself, where they do not see what it was answered. */
export function tellAgentAct(
  { request: { person, adapter, channel }, command, job, session, message }: AgentAct,
  notifier: {
    channels(): Destination[];
    agentActed(job: JobKey | null, session: string, acts: AgentActs): void;
  },
): void {
  const isSeen = notifier.channels().some((each) => each.adapter === adapter && each.channel === channel);
  if (isSeen) return;
  notifier.agentActed(job, session, {
    agent: person.name,
    counts: { [command]: 1 },
    latest: [{ command, message }],
  });
}
