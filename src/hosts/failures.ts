import { BotError } from '../core/errors.ts';
import type { StandingEnd } from '../processes/standing.ts';

/** How much is repeated of what a host says. */
const SAID_MAX = 300;
/** How ssh ends that makes no connection, and a shell that starts no program (ssh(1), sh(1)). */
export const NOT_STARTED = [255, 126, 127];

/** What ssh says of a connection that it does not make, and what is to be done; HOST stands for the host as it was named. */
const MEANINGS: readonly [says: RegExp, hint: string][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    'Its key is another than the known one: ask whoever keeps the host why, before you remove the old one with ssh-keygen -R HOST.',
  ],
  [
    /host key verification failed/i,
    'Its key is not known here: log in once by hand with ssh HOST, and compare the key.',
  ],
  [
    /permission denied|too many authentication failures/i,
    'ssh HOST has to work here without a password: put a key there, or load it into the agent.',
  ],
  [
    /could not resolve hostname|name or service not known/i,
    'Look at the name, or give it a Host in ~/.ssh/config.',
  ],
  [/connection refused/i, 'Look whether sshd runs there, and on which port.'],
  [/timed out|no route to host|network is unreachable/i, 'Look whether it is up, and at the way to it.'],
  [/there is no python3/i, 'Name a Python there, or the xax command by its path, as bin.'],
  [
    /bad configuration option|unsupported option|terminating, \d+ bad configuration/i,
    'Look at ~/.ssh/config.',
  ],
];

/** Why a host is not reached: what ssh said last, and what is to be done about it. */
export function unreachable(host: string, { exitCode, lastWords }: StandingEnd): BotError {
  const lines = lastWords.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const [, hint] = MEANINGS.find(([says]) => lines.some((line) => says.test(line))) ?? [];
  const last = lines
    .findLast((line) => !/^@+$/.test(line))
    ?.slice(0, SAID_MAX)
    .replace(/\.$/, '');
  return new BotError(
    'host-unreachable',
    `${host} cannot be reached: ${last ?? `ssh ended with ${exitCode ?? 'a signal'} and said nothing`}.`,
    (hint ?? 'Try it by hand: ssh HOST true').replaceAll('HOST', host),
  );
}

/** The login was made, and what was to run there did not begin; `said` is what came in its place. */
export function swallowed(host: string, said: string): BotError {
  const words = said === '' ? '' : `: it says "${said.slice(0, SAID_MAX)}"`;
  return new BotError(
    'host-unreachable',
    `${host} lets us in, and does not run what it is told to${words}.`,
    `Look at what its login shell does: ssh ${host} echo works has to print "works" and to end.`,
  );
}
