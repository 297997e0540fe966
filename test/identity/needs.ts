import type { Person } from '../../src/core/person.ts';

type Level = 'everybody' | 'viewer' | 'agent' | 'operator' | 'admin';

/** What each command asks for. A new one is put here by hand: this is what it is tried against. */
export const NEEDS: Readonly<Record<Level, readonly string[]>> = {
  everybody: ['help', 'withdraw'],
  viewer: [
    ...['status', 'jobs', 'job', 'logs', 'metrics', 'compare', 'session', 'experiment', 'suggest'],
    ...[
      'hypothesis',
      'verdicts',
      'notes',
      'watch',
      'report',
      'subscribe',
      'pings',
      'health',
      'digest',
      'wait',
    ],
    ...['presets', 'scoreboard', 'diff', 'config', 'week', 'gpus', 'proposals', 'tensorboard', 'export'],
    ...['dismissed', 'link', 'logins', 'words'],
  ],
  agent: ['plan'],
  operator: [
    ...['queue', 'retry', 'move', 'cancel', 'kill', 'verdict', 'note', 'sweep', 'approve', 'deny'],
    'dismiss',
    'steer',
  ],
  admin: ['observer', 'redact', 'audit', 'backup'],
};
/** What whoever has a role may do with their own jobs, and what members may who run jobs of their own. */
const OF_OWN = ['cancel', 'kill', 'steer'];
const OF_MEMBERS = ['queue', 'retry', 'verdict', 'note'];
/** Agents: what they do though it needs more, what they propose, and what is not for them. */
const AGENTS_DO = ['note'];
export const AGENTS_PROPOSE = ['queue', 'retry', 'move', 'cancel', 'verdict', 'sweep', 'dismiss', 'redact'];
const NOT_FOR_AGENTS = [
  ...[
    'approve',
    'deny',
    'link',
    'subscribe',
    'pings',
    'kill',
    'steer',
    'observer',
    'audit',
    'backup',
    'logins',
    'words',
  ],
];
/** What makes a job, and is about none. */
const ABOUT_NO_JOB = ['queue'];

const BARRED = ['elsewhere', 'guest', 'pending', 'external', 'bot', 'deactivated', 'unknown'] as const;
export type Who = Pick<Person, 'role' | 'mayRunOwn' | 'barred'> & { owns?: boolean };
export const WHO: Readonly<Record<string, Who>> = {
  nobody: { role: null },
  viewer: { role: 'viewer' },
  'viewer, of their own job': { role: 'viewer', owns: true },
  member: { role: 'viewer', mayRunOwn: true },
  'member, of their own job': { role: 'viewer', mayRunOwn: true, owns: true },
  agent: { role: 'agent' },
  'agent, of their own job': { role: 'agent', owns: true },
  operator: { role: 'operator' },
  admin: { role: 'admin' },
  ...Object.fromEntries(BARRED.map((barred) => [barred, { role: null, barred, owns: true }])),
};

export const LEVELS: readonly Level[] = ['everybody', 'viewer', 'agent', 'operator', 'admin'];
export const levelOf = (command: string) => LEVELS.find((level) => NEEDS[level].includes(command));
const rank = (level: Level) => LEVELS.indexOf(level);

export function expected(command: string, { role, mayRunOwn, owns }: Who): string {
  const level = levelOf(command)!;
  if (role === 'agent') {
    if (NOT_FOR_AGENTS.includes(command)) return 'refused';
    if (rank(level) <= rank('agent') || AGENTS_DO.includes(command)) return 'run';
    return AGENTS_PROPOSE.includes(command) ? 'proposed' : 'refused';
  }
  if (rank(level) <= rank(role ?? 'everybody')) return 'run';
  if (role === null) return 'refused';
  const isTheirs = owns === true || ABOUT_NO_JOB.includes(command);
  const isAllowed = OF_OWN.includes(command) || (mayRunOwn === true && OF_MEMBERS.includes(command));
  return isTheirs && isAllowed ? 'run' : 'refused';
}
