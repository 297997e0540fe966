import type { Invocation, Reply } from '../core/adapter.ts';
import { ACTION, actionPart, usualAction } from '../core/command-parts.ts';
import { withFormAgain } from '../core/form.ts';
import { specOf } from '../core/options.ts';
import { assignmentsText } from '../core/quoting.ts';
import { SETTINGS, settingOf } from '../core/setting-fields.ts';
import type { Asked } from './records.ts';

const LABEL = 'Fill in a form';

/**
 * The refusal of a command that somebody typed in a chat, with a button into its form where the form can mend it: filled in
 * as it was typed, with what was wrong in its place. Any other answer as it is.
 */
export function withFormOffered(
  reply: Reply,
  { command, raw }: Pick<Asked, 'command' | 'raw'>,
  { input, press }: Pick<Invocation, 'input' | 'press'>,
): Reply {
  const { errorOption } = reply;
  const isTyped = input.kind === 'text' || (input.kind === 'options' && press?.kind === 'words');
  if (!isTyped || !command?.changes || !raw || errorOption === undefined) return reply;
  const spec = specOf(command.options, settingOf(errorOption) === undefined ? errorOption : SETTINGS);
  const part = actionPart(command, raw.named[ACTION] ?? usualAction(command));
  const isSettled = spec?.settled === true && Object.hasOwn(raw.named, errorOption);
  // A job is named in fewer words than a form asks for it, and what only reads is soon typed again.
  if (!spec || isSettled || spec.type === 'job' || spec.type === 'jobs' || part?.changes === false)
    return reply;
  const settings = assignmentsText(raw.assignments, '\n');
  const options = { ...raw.named, ...(settings === '' ? {} : { [SETTINGS]: settings }) };
  return withFormAgain(reply, { command: command.name, options }, LABEL);
}
