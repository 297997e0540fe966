import type { Command } from './command.ts';
import { isPositional, type OptionSpec } from './options.ts';

/** A command's options as people write them: `move JOB position`, `[lines]` for what may be left out. */
export function usage(command: Command): string {
  const parts = Object.entries(command.options).map(([name, spec]) => {
    const word = usageWord(name, spec);
    return spec.required ? word : `[${word}]`;
  });
  return [command.name, ...parts].join(' ');
}

function usageWord(name: string, spec: OptionSpec): string {
  if (spec.type === 'assignments') return 'key=value…';
  if (spec.type === 'boolean') return name;
  const value =
    spec.type === 'choice'
      ? spec.choices.join('|')
      : spec.type === 'job'
        ? 'JOB'
        : spec.type === 'jobs'
          ? 'JOB…'
          : name;
  if (!isPositional(spec)) return `${name}=${spec.type === 'choice' ? value : '…'}`;
  return spec.type === 'preset' ? 'PRESET' : value;
}
