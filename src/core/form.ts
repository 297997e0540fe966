import type { Modal, Reply } from './adapter.ts';
import type { CommandDeclaration } from './command-declaration.ts';
import { type JobKey, withNames } from './job.ts';
import type { Button } from './message.ts';
import { inWords, labelOf, type OptionSpecs } from './options.ts';
import { NEEDS_CONFIRMATION, PRESSED_ALREADY } from './press.ts';
import { maskSecrets } from './secrets.ts';

/**
 * A command's form. `given`: what is known already; of it, jobs and what its declaration calls settled are not asked
 * again. `useless`: options that would change nothing as things stand, which are left out unless they are given.
 */
export function formOf(
  { name, title, summary, options }: Pick<CommandDeclaration, 'name' | 'title' | 'summary' | 'options'>,
  given: Readonly<Record<string, string>>,
  {
    useless = [],
    nameOf = ({ jobId }) => jobId,
  }: { useless?: readonly string[] | undefined; nameOf?: (job: JobKey) => string } = {},
): Modal {
  const isGiven = (option: string) => (given[option] ?? '') !== '';
  const isAsked = (option: string) => {
    const spec = options[option]!;
    if (isGiven(option)) return spec.type !== 'job' && spec.settled !== true;
    return spec.required === true || !useless.includes(option);
  };
  const asked = Object.keys(options).filter(isAsked);
  const fields: OptionSpecs = Object.fromEntries(
    asked.map((option) => [option, { ...options[option]!, label: labelOf(option, options[option]!) }]),
  );
  const entries = Object.entries(given);
  const fixed = entries.filter(([option, value]) => !Object.hasOwn(fields, option) && value !== '');
  return {
    title: title ?? inWords(name),
    description: summary,
    command: name,
    submitLabel: 'Send',
    fields,
    values: Object.fromEntries(entries.filter(([option]) => Object.hasOwn(fields, option))),
    fixed: Object.fromEntries(fixed),
    about: fixed
      .filter(([option]) => Object.hasOwn(options, option))
      .map(([option, value]) => ({
        label: labelOf(option, options[option]!),
        text: withNames(value, nameOf).replaceAll('\n', ' '),
      })),
  };
}

/** Whether a command was not done for something that its form can mend. */
export function isRefusal({ ok, final, errorCode }: Reply): boolean {
  return final && !ok && errorCode !== undefined && !NOT_MENDED.includes(errorCode);
}

/** What another form does not mend: a question that waits for its yes, and what was done already. */
const NOT_MENDED: readonly string[] = [NEEDS_CONFIRMATION, PRESSED_ALREADY];

/** A refusal with a button back into the form, with everything that was filled in; any other reply as it is. */
export function withFormAgain(
  reply: Reply,
  { command, options }: { command: string; options: Record<string, string> },
): Reply {
  if (!isRefusal(reply)) return reply;
  // The button is kept; a secret is not, and is typed again.
  const kept = Object.fromEntries(
    Object.entries(options).filter(([, value]) => maskSecrets(value) === value),
  );
  const again: Button = { label: 'Open the form again', command, options: kept, form: true };
  const { message } = reply;
  return {
    ...reply,
    message: { ...message, blocks: [...message.blocks, { kind: 'buttons', buttons: [again] }] },
  };
}
