import { randomBytes } from 'node:crypto';
import type { Reply } from '../core/adapter.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type Message, textMessage } from '../core/message.ts';
import type { CommandContext } from '../core/services/context.ts';
import type { Clock } from '../core/time.ts';
import type { Audit } from '../store/audit.ts';
import type { Answer } from './answers.ts';
import { changesWith, type Run, visibilityOf } from './context.ts';
import type { Presses } from './presses.ts';

/**
 * Runs commands that were parsed and allowed, and writes down before and after what changes something. Answers at least
 * once, the last time finally; resolves to that. Rejects with what the command throws, with
 * `pressed-already` for what was pressed before, and for nothing that goes wrong once it is done. A refusal is for the asker alone, whoever would have heard of the deed.
 */
export function createRunner(deps: { audit: Audit; presses: Pick<Presses, 'begin'>; now: Clock; log: Log }) {
  const { audit, presses, now, log } = deps;

  return async function run(asked: Run, context: CommandContext, reply: Answer): Promise<Reply> {
    const { command, values } = asked;
    const press = changesWith(command, values) ? presses.begin(asked) : undefined;
    const finish = begun(asked);
    let data: unknown;
    try {
      data = await command.run(values as never, context);
    } catch (error) {
      finish(`failed: ${errorText(error)}`);
      press?.undone();
      throw error;
    }
    const ok = command.succeeded?.(data as never) ?? true;
    finish(ok ? 'done' : 'refused');
    const refused = command.changes && !ok;
    const visibility = refused ? 'private' : visibilityOf(command, values);
    const last = { message: shown(asked, data), visibility, ok, refused, final: true, data };
    if (ok) press?.done(last);
    else press?.undone();
    await reply(last);
    return last;
  };

  /** Writes down what changes something; how to write down what came of it, which undoes nothing if it fails. */
  function begun({ request, command, raw, approvedBy }: Run): (outcome: string) => void {
    if (!command.changes) return () => {};
    const { person, adapter, channel } = request;
    const end = audit.begin({
      person: person.id,
      adapter,
      channel,
      command: command.name,
      options: raw,
      approvedBy: approvedBy?.id,
    });
    return (outcome) => {
      try {
        end(outcome);
      } catch (error) {
        log.error(
          { err: error, command: command.name, outcome },
          'what came of a command is not in the audit',
        );
      }
    };
  }

  /** What a command answers. Where that cannot be made, what was done stays done; what only reads has then failed. */
  function shown({ command }: Run, data: unknown): Message {
    try {
      return command.view(data as never, { now: now() });
    } catch (error) {
      if (!command.changes) throw error;
      const reference = randomBytes(4).toString('hex');
      log.error(
        { err: error, reference, command: command.name },
        'the answer of a command could not be made',
      );
      return textMessage(
        `"${command.name}" has ended, but its answer cannot be shown (${reference}). Look at what was done before you repeat it.`,
        'warning',
      );
    }
  }
}

export type Runner = ReturnType<typeof createRunner>;
