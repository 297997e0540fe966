import { DeliveryError } from '../../src/core/adapter.ts';
import { withPatience } from '../../src/core/patience.ts';
import type { Edit } from '../../src/core/press.ts';
import { QUIET_EPHEMERAL } from './own-message.ts';
import type { PrivateDeps } from './private-answer.ts';
import { createResponder } from './respond.ts';

/** What somebody pressed a button of. */
export interface Pressed {
  /** null: the Home tab. */
  channel: string | null;
  ts: string;
  /** Shown to one person alone, which only the press itself lets us edit. */
  isEphemeral: boolean;
  responseUrl: string | undefined;
}

/** Edits a message that was pressed; the Home tab is drawn anew in any case, with what was asked for. */
export function editOf(
  { client, present, fetch, clock }: Pick<PrivateDeps, 'client' | 'present' | 'fetch' | 'clock'>,
  { channel, ts, isEphemeral, responseUrl }: Pressed,
): Edit {
  const responder =
    isEphemeral && responseUrl !== undefined
      ? createResponder({ url: responseUrl, fetch, clock })
      : undefined;

  return async (message) => {
    if (channel === null) return;
    const { text, blocks } = await present(message, `pressed:${channel}/${ts}`, { rest: null });
    await withPatience(async () => {
      if (!isEphemeral)
        return void (await client.call('chat.update', { channel, ts, text, blocks, ...QUIET_EPHEMERAL }));
      if (!responder?.isGood())
        throw new DeliveryError('gone', 'Slack lets nobody edit this message any more');
      await responder.replace({ text, blocks });
    });
  };
}
