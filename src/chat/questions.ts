import type { Invocation, Reply } from '../core/adapter.ts';
import type { Confirmation } from '../core/command.ts';
import { BotError } from '../core/errors.ts';
import type { Message } from '../core/message.ts';
import { CONFIRM, yesToken } from '../core/press.ts';
import type { RequestContext } from '../core/request.ts';
import type { Confirmations } from '../store/confirmations.ts';
import type { CommandInput } from './parse.ts';
import type { Presses } from './presses.ts';

/** A question with its yes, which only whoever was asked can say; `session`: the one that it is about. */
export function ask(
  confirmations: Pick<Confirmations, 'ask'>,
  { person, adapter, channel }: RequestContext,
  command: string,
  { question, confirmLabel, options }: Confirmation,
  session: string,
): Reply {
  const token = confirmations.ask({ person: person.id, adapter, channel, session, command, options });
  const yes = { label: confirmLabel, command: CONFIRM, options: { token }, style: 'danger' as const };
  const message: Message = {
    ...question,
    blocks: [...question.blocks, { kind: 'buttons', buttons: [yes] }],
  };
  return {
    message,
    visibility: 'private',
    ok: false,
    final: true,
    errorCode: 'needs-confirmation',
    data: { token },
  };
}

/** What somebody says yes to, and its session; undefined where it is no yes. Errors `pressed-already`, `confirmation-gone`. */
export function takeYes(
  confirmations: Pick<Confirmations, 'take'>,
  presses: Pick<Presses, 'mustBeUnsaid'>,
  { input, person, adapter }: Invocation,
): { input: CommandInput; session: string | null } | undefined {
  const token = yesToken(input);
  if (token === undefined) return undefined;
  const confirmed = confirmations.take(token, person.id, adapter);
  if (!confirmed) {
    presses.mustBeUnsaid(token, person);
    throw new BotError(
      'confirmation-gone',
      'This question is no longer open: it was answered, is older than ten minutes, or was meant for someone else.',
      'Run the command again.',
    );
  }
  const { command, options, session } = confirmed;
  return { input: { kind: 'options', command, options }, session };
}
