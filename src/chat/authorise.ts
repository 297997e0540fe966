import type { CommandDeclaration } from '../core/command-declaration.ts';
import { BotError } from '../core/errors.ts';
import type { Job } from '../core/job.ts';
import { isAboutJob } from '../core/options.ts';
import {
  allows,
  type Barred,
  isAgent,
  type Person,
  personOn,
  RESERVED_COMMANDS,
  type Rights,
  rightsAnywhere,
  rightsOn,
} from '../core/person.ts';
import { isLaunch, type JobOrLaunch } from '../core/waiting-launch.ts';
import { isOfQueues } from './queues-meant.ts';

/** What happens to a requested command: it is run, or proposed to those who may run it. */
export type Ruling = 'run' | 'propose';

/** The error code for a missing role. */
export const NOT_ALLOWED = 'not-allowed';

/** The one rule of who may give which command. */
export interface Rule {
  /**
   * Whether someone may run a command about these jobs, or launches that wait, or, as an agent, propose it; `queues`: those that it is about, on each
   * of which they must be allowed it. While it is not known which those are, whether they may for some. Errors `not-allowed`,
   * `not-for-agents`.
   */
  authorise(
    person: Person,
    command: CommandDeclaration,
    jobs?: readonly JobOrLaunch[],
    queues?: readonly string[],
  ): Ruling;
  /** Whether someone is offered a command: they may run it, for some jobs at least; `queue`: on that one. */
  offers(person: Person, command: CommandDeclaration, queue?: string): boolean;
  /** Whether they may do as they like with a job that is theirs. */
  mayRunOwn(person: Person, job: Job): boolean;
}

/**
 * `mayPropose`: what the settings let agents propose among the commands they may not use; `owns`: whether a job, or a launch
 * that waits, is somebody's own; `queueOf`: what the queue of a job is called now.
 */
export function createRule({
  mayPropose,
  owns,
  queueOf,
}: {
  mayPropose(): readonly string[];
  owns(person: Person, meant: JobOrLaunch): boolean;
  queueOf(job: Job): string;
}): Rule {
  type Asked = { person: Person; command: CommandDeclaration; jobs?: readonly JobOrLaunch[] | undefined };

  const queuesOf = (meant: readonly JobOrLaunch[]) =>
    meant.flatMap((each) => (isLaunch(each) ? (each.queue ?? []) : queueOf(each)));

  /** Whether it is theirs to do because of whose the jobs are; what is about no job makes one of their own. */
  function isOwn({ person, command, jobs }: Asked, { role, mayRunOwn }: Rights): boolean {
    if (command.own === undefined || role === null || isAgent(person)) return false;
    if (command.own === 'members' && !mayRunOwn) return false;
    if (jobs === undefined || !isAboutJobs(command)) return true;
    return jobs.length > 0 && jobs.every((job) => owns(person, job));
  }

  /** Whether rights are enough on each of the queues; where those are not known, on any, of what is done on a queue. */
  function isEnough(
    { person, command }: Asked,
    queues: readonly string[],
    enough: (rights: Rights) => boolean,
  ) {
    if (queues.length > 0) return queues.every((queue) => enough(rightsOn(person, queue)));
    return isOfQueues(command) ? rightsAnywhere(person).some(enough) : enough(person);
  }

  function mayRun(asked: Asked, queues: readonly string[]): boolean {
    const { command } = asked;
    return isEnough(asked, queues, (rights) => allows(rights.role, command.role) || isOwn(asked, rights));
  }

  return {
    authorise(person, command, jobs, queues = queuesOf(jobs ?? [])) {
      const { agents } = command;
      const asked = { person, command, jobs };
      const asAgent = isAgent(person);
      if (asAgent && !isForAgents(command, mayPropose())) throw notForAgents(command);
      if (mayRun(asked, queues)) return 'run';
      if (asAgent && isEnough(asked, queues, ({ role }) => allows(role, 'agent'))) {
        if (agents === 'directly') return 'run';
        if (command.changes) return 'propose';
      }
      const lacking = queues.filter((queue) => !mayRun(asked, [queue]));
      throw notAllowed(personOn(person, lacking.slice(0, 1)), command, {
        isForOwn: isOwn({ person, command }, personOn(person, lacking)),
        queue: person.on === undefined ? undefined : lacking[0],
      });
    },
    offers: (person, command, queue) => mayRun({ person, command }, queue === undefined ? [] : [queue]),
    mayRunOwn: (person, job) => rightsOn(person, queueOf(job)).mayRunOwn === true && owns(person, job),
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

function notAllowed(
  { role, barred }: Person,
  { name, role: needed }: CommandDeclaration,
  { isForOwn, queue }: { isForOwn: boolean; queue: string | undefined },
) {
  if (barred === 'elsewhere')
    return new BotError(
      NOT_ALLOWED,
      'This channel is not among those of the settings, so only "help" is answered here.',
      'Ask in one that is; an admin can add this one under channels: in xaxbot.yaml.',
    );
  const [why, hint] = barred
    ? BARRED[barred]
    : [
        `${role === null ? 'you have no role' : `your role is ${role}`}${queue === undefined ? '' : ` on ${queue}`}`,
        'An admin can change that under people: in xaxbot.yaml.',
      ];
  const own = isForOwn ? ', which is enough for your own jobs only' : '';
  return new BotError(NOT_ALLOWED, `${name} needs the role ${needed}; ${why}${own}.`, hint);
}
