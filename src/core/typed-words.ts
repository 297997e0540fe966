import type { Invocation } from './adapter.ts';
import { parseJobKey } from './job.ts';

/** The command as it would have been typed, for everybody to read. */
export function typedWords({ input }: Pick<Invocation, 'input'>): string {
  if (input.kind === 'text') return `/xax ${input.words}`;
  if (input.kind === 'argv') return `/xax ${input.argv.join(' ')}`;
  if (input.kind === 'confirm') return '(confirmed)';
  if (input.options.token !== undefined) return '(confirmed)';
  const words = Object.entries(input.options)
    .filter(([, value]) => value !== '')
    .map(([name, value]) =>
      name === 'job'
        ? (parseJobKey(value)?.jobId ?? value)
        : `${name}=${/\s/.test(value) ? JSON.stringify(value) : value}`,
    );
  return ['/xax', input.command, ...words].join(' ');
}
