import { randomUUID } from 'node:crypto';
import { agentActPost } from '../cards/proposal.ts';
import type { AgentAct } from '../chat/invoke.ts';
import type { JobKey } from '../core/job.ts';
import type { Message } from '../core/message.ts';
import type { Destination } from '../core/request.ts';

/** Tells people what an agent has done by itself, where they do not see what it was answered. */
export function tellAgentAct(
  { request: { person, adapter, channel }, command, job, session, message }: AgentAct,
  notifier: {
    channels(): Destination[];
    aboutWork(key: string, job: JobKey | null, session: string, message: Message): void;
  },
): void {
  const isSeen = notifier.channels().some((each) => each.adapter === adapter && each.channel === channel);
  if (isSeen) return;
  notifier.aboutWork(`act:${randomUUID()}`, job, session, agentActPost(person, command, message));
}
