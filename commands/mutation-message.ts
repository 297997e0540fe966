import type { Message } from '../src/core/message.ts';
import type { MutationResult } from '../src/core/queue.ts';

/** The answer to a change of one job: done, or unchanged and why. */
export function mutationMessage(data: { jobId: string } & MutationResult, done: string): Message {
  if (!data.done) {
    return {
      blocks: [
        {
          kind: 'text',
          text: [data.isUnknown ? '' : 'Nothing was changed: ', { code: data.jobId }, ` ${data.reason}`],
        },
      ],
      tone: 'warning',
    };
  }
  const caution = data.caution === undefined ? '' : ` (${data.caution})`;
  return {
    blocks: [{ kind: 'text', text: [{ bold: done }, ': ', { code: data.jobId }, caution] }],
    tone: 'good',
  };
}
