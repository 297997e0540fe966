/** What the page is called in its tab. */
export function titleOf({ phase, about }) {
  if (phase === 'signed-out') return 'Sign in – xaxbot';
  if (phase === 'unreachable') return 'Waiting for xaxbot';
  return `xaxbot ${about.hostLabel}${about.simulated ? ' (simulated)' : ''}`.trim();
}
