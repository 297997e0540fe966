/** What the server answered instead: `code`, words, and what to do. */
export class Refusal extends Error {
  constructor({ code, message, hint }) {
    super(hint ? `${message} ${hint}` : message);
    this.code = code;
  }
}

/** Nothing answered: this machine, the tunnel or the bot. What was sent may or may not have arrived. */
export function unreachable() {
  const isOffline = navigator.onLine === false;
  return new Refusal({
    code: 'unreachable',
    message: isOffline ? 'This machine is offline.' : 'xaxbot does not answer.',
    hint: isOffline ? '' : 'It may be stopped, or the ssh tunnel to it closed.',
  });
}

/** What an answer that is no JSON means: a proxy's word that the bot is down, or somebody else on this port. */
export function foreign(status) {
  if (status >= 500) return unreachable();
  return new Refusal({
    code: 'foreign',
    message: `Something other than xaxbot answers at ${location.host}.`,
    hint: 'See with "xaxbot doctor" on the host which port the chat has.',
  });
}
