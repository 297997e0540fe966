import type { Adapter, DeliveryError } from '../../src/core/adapter.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { MessageRef } from '../../src/core/request.ts';

export type Call = { what: 'post' | 'edit'; message: Message; thread: string | undefined };

/** A platform that refuses what `refuses` says, and keeps the rest. */
export function createPlatform(refuses: { by: (call: Call) => DeliveryError | undefined }) {
  const sent: { ref: MessageRef; thread: string | undefined; message: Message }[] = [];
  const calls: Call[] = [];
  const check = (call: Call) => {
    calls.push(call);
    const error = refuses.by(call);
    if (error) throw error;
  };
  const adapter: Adapter = {
    name: 'platform',
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'up', detail: '' }),
    async post({ channel, thread }, message) {
      check({ what: 'post', message, thread: thread?.id });
      const ref = { channel, id: String(sent.length + 1) };
      sent.push({ ref, thread: thread?.id, message });
      return ref;
    },
    async update(ref, message) {
      check({ what: 'edit', message, thread: undefined });
      sent.find((each) => each.ref.id === ref.id)!.message = message;
    },
    openThread: async (ref) => ref,
    findByKey: async () => undefined,
  };
  return { adapter, sent, calls, texts: () => sent.map(({ message }) => plainText(message)) };
}
