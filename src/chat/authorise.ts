import type { CommandDeclaration } from '../core/command-declaration.ts';
import { BotError } from '../core/errors.ts';
import type { Job } from '../core/job.ts';
import { isAboutJob } from '../core/options.ts';
import { allows, type Barred, type Person, RESERVED_COMMANDS } from '../core/person.ts';

/** What happens to a requested command: it is run, or proposed to those who may run it. */
export type Ruling = 'run' | 'propose';

/** The error code for a missing role. */
export const NOT_ALLOWED = 'not-allowed';

/** The one rule of who may give which command. */
export interface Rule {
  /**
   * Whether someone may run a command about these jobs, or, as an agent, propose it. While it is not known which jobs it is
   * about, whether they may for some. Errors `not-allowed`, `not-for-agents`.
   */
  authorise(person: Person, command: CommandDeclaration, jobs?: readonly Job[]): Ruling;
  /** Whether someone is offered a command: they may run it, for some jobs at least. */
  offers(person: Person, command: CommandDeclaration): boolean;
  /** Whether they may do as they like with a job that is theirs. */
  mayRunOwn(person: Person, job: Job): boolean;
}

/**
 * `mayPropose`: what the settings let agents propose among the commands they may not use; `owns`: whether a job is somebody's
 * own.
 */
export function createRule({
  mayPropose,
  owns,
}: {
  mayPropose(): readonly string[];
  owns(person: Person, job: Job): boolean;
}): Rule {
  /** Whether it is theirs to do because of whose the jobs are; what is about no job makes one of their own. */
  function isOwn(person: Person, command: CommandDeclaration, jobs: readonly Job[] | undefined): boolean {
    const { role } = person;
    if (command.own === undefined || role === null || role === 'agent') return false;
    if (command.own === 'members' && !person.mayRunOwn) return false;
    if (jobs === undefined || !isAboutJobs(command)) return true;
    return jobs.length > 0 && jobs.every((job) => owns(person, job));
  }

  function mayRun(person: Person, command: CommandDeclaration, jobs: readonly Job[] | undefined): boolean {
    return allows(person.role, command.role) || isOwn(person, command, jobs);
  }

  return {
    authorise(person, command, jobs) {
      const { agents } = command;
      const isAgent = person.role === 'agent';
      if (isAgent && !isForAgents(command, mayPropose())) throw notForAgents(command);
      if (mayRun(person, command, jobs) || (isAgent && agents === 'directly')) return 'run';
      if (isAgent && command.changes) return 'propose';
      throw notAllowed(person, command, isOwn(person, command, undefined));
    },
    offers: (person, command) => mayRun(person, command, undefined),
    mayRunOwn: (person, job) => person.mayRunOwn === true && owns(person, job),
  };
}

/** Whether agents may give a command at all. */
export function isForAgents({ name, agents }: CommandDeclaration, mayPropose: readonly string[]): boolean {
  if (agents === 'never') return false;
  const isReserved = (RESERVED_COMMANDS as readonly string[]).includes(name);
  return !isReserved || mayPropose.includes(name);
}

function isAboutJobs({ options }: CommandDeclaration): boolean {
  return Object.values(options).some(isAboutJob);
}

function notForAgents({ name, agents }: CommandDeclaration): BotError {
  return new BotError(
    'not-for-agents',
    `${name} is not for agents.`,
    agents === 'never'
      ? 'Ask a person to do it.'
      : 'An admin can let agents propose it under agents: may_propose in xaxbot.yaml.',
  );
}

/** Why somebody has no role, and what can be done. */
const BARRED: Readonly<Record<Exclude<Barred, 'elsewhere'>, readonly [why: string, hint: string]>> = {
  guest: [
    'guests have none unless they are named',
    'An admin can name your account under people: in xaxbot.yaml.',
  ],
  pending: [
    "you have none until you accept this server's rules",
    'Accept them, then ask again; "help" is answered.',
  ],
  external: ['you are not a member here, and have none', 'Ask somebody who is; "help" is answered.'],
  bot: ['bots have none', 'An admin can name this one under people: in xaxbot.yaml, with the role agent.'],
  deactivated: ['a deactivated account has none', 'Use another.'],
  unknown: ['the platform does not say just now who you are', 'Try again in a minute.'],
};

function notAllowed({ role, barred }: Person, { name, role: needed }: CommandDeclaration, isForOwn: boolean) {
  if (barred === 'elsewhere')
    return new BotError(
      NOT_ALLOWED,
      'This channel is not among those of the settings, so only "help" is answered here.',
      'Ask in one that is; an admin can add this one under channels: in xaxbot.yaml.',
    );
  const [why, hint] = barred
    ? BARRED[barred]
    : [
        role === null ? 'you have no role' : `your role is ${role}`,
        'An admin can change that under people: in xaxbot.yaml.',
      ];
  const own = isForOwn ? ', which is enough for your own jobs only' : '';
  return new BotError(NOT_ALLOWED, `${name} needs the role ${needed}; ${why}${own}.`, hint);
}
