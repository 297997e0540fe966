import { randomBytes } from 'node:crypto';
import type { Reply } from '../core/adapter.ts';
import type { ViewContext } from '../core/command.ts';
import type { Log } from '../core/log.ts';
import { type Message, textMessage } from '../core/message.ts';
import type { CommandContext } from '../core/services/context.ts';
import type { Answer } from './answers.ts';
import { changesWith, type Run, visibilityOf } from './context.ts';
import type { Presses } from './presses.ts';
import { type Records, whyFailed } from './records.ts';
import { sayWorking } from './working.ts';

/**
 * Runs commands that were parsed and allowed, and writes down before and after what changes something. Answers at least
 * once, the last time finally; resolves to that. Rejects with what the command throws, with
 * `pressed-already` for what was pressed before, and for nothing that goes wrong once it is done. A refusal is for the asker alone, whoever would have heard of the deed.
 */
export function createRunner(deps: {
  records: Pick<Records, 'begun' | 'turnedAway'>;
  presses: Pick<Presses, 'begin'>;
  /** What a view is told of its readers at an adapter. */
  viewing(adapter: string): ViewContext;
  log: Log;
}) {
  const { records, presses, viewing, log } = deps;

  return async function run(asked: Run, context: CommandContext, reply: Answer): Promise<Reply> {
    const { command, values } = asked;
    const changes = changesWith(command, values);
    const press = changes ? pressOf(asked) : undefined;
    const finish = changes ? records.begun(asked) : () => {};
    const { heard, done } = sayWorking(asked, context, reply);
    let data: unknown;
    try {
      data = await command.run(values as never, heard);
    } catch (error) {
      finish('failed', whyFailed(error));
      press?.undone();
      throw error;
    } finally {
      done();
    }
    const ok = command.succeeded?.(data as never) ?? true;
    const made = ok ? command.made?.(data as never) || null : null;
    finish(ok ? 'done' : 'refused', made);
    const exit = command.exitCode ? { exitCode: command.exitCode(data as never) } : {};
    const refused = changes && !ok;
    const visibility = refused ? 'private' : visibilityOf(command, values);
    const last = { message: shown(asked, data), visibility, ok, refused, final: true, data, ...exit };
    // What was made is named to whoever does the same again, whoever was answered.
    if (ok) press?.done(made === null ? last : { message: textMessage(made), visibility: 'public' });
    else press?.undone();
    await reply(last);
    return last;
  };

  /** The press that it is done by. Nothing is tried where it was pressed before. */
  function pressOf(asked: Run): ReturnType<Presses['begin']> {
    try {
      return presses.begin(asked);
    } catch (error) {
      records.turnedAway(asked, error);
      throw error;
    }
  }

  /** What a command answers. Where that cannot be made, what was done stays done; what only reads has then failed. */
  function shown({ command, values, request }: Run, data: unknown): Message {
    try {
      return command.view(data as never, viewing(request.adapter));
    } catch (error) {
      if (!changesWith(command, values)) throw error;
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
