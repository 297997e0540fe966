import type { Reply } from '../core/adapter.ts';
import { errorText } from '../core/errors.ts';
import type { CommandContext } from '../core/services/context.ts';
import type { Clock } from '../core/time.ts';
import type { Audit } from '../store/audit.ts';
import { type Answer, changesWith, type Run, visibilityOf } from './context.ts';
import type { Presses } from './presses.ts';

/**
 * Runs commands that were parsed and allowed, and writes down before and after what changes something. Answers at least
 * once, the last time finally; resolves to that. Rejects with what the command throws, and with `pressed-already`.
 */
export function createRunner({
  audit,
  presses,
  now,
}: {
  audit: Audit;
  presses: Pick<Presses, 'begin'>;
  now: Clock;
}) {
  return async function run(asked: Run, context: CommandContext, reply: Answer): Promise<Reply> {
    const { request, command, values, raw, approvedBy } = asked;
    const { person, adapter, channel } = request;
    const settle = changesWith(command, values) ? presses.begin(asked) : () => {};
    const finish = command.changes
      ? audit.begin({
          person: person.id,
          adapter,
          channel,
          command: command.name,
          options: raw,
          approvedBy: approvedBy?.id,
        })
      : () => {};
    try {
      const data = await command.run(values as never, context);
      const ok = command.succeeded?.(data) ?? true;
      finish(ok ? 'done' : 'refused');
      const message = command.view(data, { now: now() });
      const visibility = visibilityOf(command, values);
      settle(ok ? message : undefined, visibility === 'public');
      const last = { message, visibility, ok, final: true, data };
      await reply(last);
      return last;
    } catch (error) {
      finish(`failed: ${errorText(error)}`);
      settle(undefined, false);
      throw error;
    }
  };
}

export type Runner = ReturnType<typeof createRunner>;
