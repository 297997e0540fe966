import { BotError } from '../core/errors.ts';
import type { StandingEnd } from '../processes/standing.ts';
import { NO_PYTHON, type SshPlace, sshCommand } from './ssh-arguments.ts';

/** How much is repeated of what a host says. */
const SAID_MAX = 300;
/** How ssh itself ends that makes no connection, or loses it (ssh(1)). */
const SSH_FAILED = 255;

/** What ssh says of a connection that it does not make, and what is to be done; `said` is what matched. */
const MEANINGS: readonly [says: RegExp, hint: (place: SshPlace, words: string) => string][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    ({ host }, words) =>
      `Its key is another than the known one: ask whoever keeps the host why, before you remove the old one${oldKey(words) ?? ` with ssh-keygen -R ${host}`}.`,
  ],
  [
    /host key verification failed/i,
    (place) =>
      `Its key is not known here: log in once by hand with ${sshCommand(place)}, and compare the key.`,
  ],
  [
    /permission denied \([\w,-]+\)|too many authentication failures/i,
    (place) =>
      `${sshCommand(place)} has to work here without a password: put a key there, or load it into the agent.`,
  ],
  [
    /could not resolve hostname|name or service not known/i,
    (place) => `Look at the name, or give it a Host in ${settingsOf(place)}.`,
  ],
  [/connection refused/i, () => 'Look whether sshd runs there, and on which port.'],
  [
    /timed out|no route to host|network is unreachable/i,
    () => 'Look whether it is up, and at the way to it.',
  ],
  [
    /bad configuration option|unsupported option|terminating, \d+ bad configuration/i,
    (place) => `Look at ${settingsOf(place)}.`,
  ],
];

/** Why a connection ended, or was not made; `said` is what came in place of the program's beginning, null after that. */
export function whyEnded(place: SshPlace, end: StandingEnd, said: string | null): BotError {
  const isLetIn = end.exitCode !== null && end.exitCode !== SSH_FAILED;
  if (said === null || !isLetIn) return unreachable(place, end);
  const lines = linesOf(end);
  const none = lines.find((line) => line.startsWith(NO_PYTHON));
  if (none === undefined) return swallowed(place, said === '' ? (lines.at(-1) ?? '') : said);
  return new BotError(
    'host-unreachable',
    `${place.host} cannot be worked on: ${cut(none)}.`,
    'Name the xax command by its path as bin: the Python beside it is used.',
  );
}

/** What ssh said last, and what is to be done about it. */
function unreachable(place: SshPlace, end: StandingEnd): BotError {
  const lines = linesOf(end);
  const [, hint] = MEANINGS.find(([says]) => lines.some((line) => says.test(line))) ?? [];
  const last = lines.findLast((line) => !/^@+$/.test(line));
  return new BotError(
    'host-unreachable',
    `${place.host} cannot be reached: ${last === undefined ? `ssh ended with ${end.exitCode ?? 'a signal'} and said nothing` : cut(last)}.`,
    hint?.(place, end.lastWords) ?? `Try it by hand: ${sshCommand(place, 'true')}`,
  );
}

/** The login was made, and what was to run there did not begin; `said` is what came in its place. */
export function swallowed(place: SshPlace, said: string): BotError {
  const words = said === '' ? '' : `: it says "${said.slice(0, SAID_MAX)}"`;
  return new BotError(
    'host-unreachable',
    `${place.host} lets us in, and does not run what it is told to${words}.`,
    `Look at what its login shell does: ${sshCommand(place, 'echo works')} has to print "works" and to end.`,
  );
}

/** Where ssh found the key that it knew, by its own words. */
function oldKey(words: string): string | undefined {
  const [, file, line] = /^Offending .* key in (.+):(\d+)\s*$/im.exec(words) ?? [];
  return file === undefined ? undefined : `, line ${line} of ${file}`;
}

function settingsOf({ config }: SshPlace): string {
  return config ?? '~/.ssh/config';
}

function linesOf({ lastWords }: StandingEnd): string[] {
  return lastWords.split(/[\r\n]+/).filter((line) => line.trim() !== '');
}

function cut(line: string): string {
  return line.slice(0, SAID_MAX).replace(/\.$/, '');
}
