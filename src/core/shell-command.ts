/** A checkout runs TypeScript, and is called by npm; the package is on PATH. */
const IS_CHECKOUT = import.meta.url.endsWith('.ts');

/** A command line of ours as it is typed in a shell on this host: `status` is `xaxbot status`. */
export function shellCommand(line: string): string {
  if (!IS_CHECKOUT) return `xaxbot ${line}`;
  return line === 'start' ? 'npm start' : `npm run -s xaxbot -- ${line}`;
}
