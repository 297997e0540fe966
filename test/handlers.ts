import { failureReply } from '../src/chat/failure.ts';
import type { AdapterHandlers } from '../src/core/adapter.ts';
import { textMessage } from '../src/core/message.ts';
import { quietLog } from './recorded.ts';

/** What an adapter may ask of the house, answering little: tests give what they are about. */
export function testHandlers(given: Partial<AdapterHandlers> = {}): AdapterHandlers {
  return {
    commands: [],
    nameOf: ({ jobId }) => jobId,
    questioned: () => undefined,
    typed: (_adapter, line) => `/xax ${line}`,
    async invoke(_invocation, reply) {
      await reply({ message: textMessage('ok'), visibility: 'private', ok: true, final: true });
    },
    failed: (error, { adapter, account }) =>
      failureReply(
        error,
        { adapter, asker: account },
        { log: quietLog, typing: { spell: (_at, words) => words } },
      ),
    form: async (_invocation, command, values) => ({
      title: command,
      description: '',
      command,
      submitLabel: 'Send',
      fields: {},
      folded: [],
      shaping: [],
      values,
      fixed: {},
      about: [],
    }),
    complete: async () => [],
    suggest: async () => [],
    commandsFor: () => [],
    heard: () => {},
    looked: async () => {},
    revised: () => {},
    isOfJob: () => true,
    ...given,
  };
}
