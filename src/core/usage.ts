import type { CommandDeclaration } from './command-declaration.ts';
import { isPositional, type OptionSpec } from './options.ts';

/**
 * A command's options as people write them: `move JOB position`, `[lines]` for what is optional. What takes the
 * rest of the line stands last.
 */
export function usage(command: CommandDeclaration): string {
  const takesRest = (spec: OptionSpec) => spec.type === 'text' && spec.rest === true;
  const entries = Object.entries(command.options);
  const inOrder = [
    ...entries.filter(([, spec]) => !takesRest(spec)),
    ...entries.filter(([, spec]) => takesRest(spec)),
  ];
  const parts = inOrder.map(([name, spec]) => {
    if (spec.type === 'assignments') return spec.usage ?? '[key=value…]';
    const word = usageWord(name, spec);
    return spec.required ? word : `[${word}]`;
  });
  return [command.name, ...parts].join(' ');
}

function usageWord(name: string, spec: OptionSpec): string {
  if (spec.type === 'boolean') return name;
  const value =
    spec.type === 'choice'
      ? spec.choices.join('|') || '…'
      : spec.type === 'job'
        ? 'JOB'
        : spec.type === 'jobs'
          ? 'JOB…'
          : name;
  if (!isPositional(spec)) return `${name}=${spec.type === 'choice' ? value : '…'}`;
  return spec.type === 'preset' ? 'PRESET' : value;
}
