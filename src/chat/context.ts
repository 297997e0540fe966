import type { Invocation } from '../core/adapter.ts';
import type { Command, ViewContext } from '../core/command.ts';
import type { Visibility } from '../core/command-declaration.ts';
import type { Typing } from '../core/command-line.ts';
import type { Job } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { RawOptions } from '../core/options.ts';
import { type Person, personOn } from '../core/person.ts';
import type { Queues } from '../core/queues.ts';
import type { Destination, Quoted, RequestContext } from '../core/request.ts';
import type { CommandContext, Services } from '../core/services/context.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { Answer } from './answers.ts';
import type { Rule } from './authorise.ts';
import { queuesMeant } from './queues-meant.ts';

/** What commands may use, the experiments of whatever session aside. */
export type SharedServices = Omit<Services, 'commands' | keyof ExperimentsService>;

/** A command with its options, and who runs it where. */
export interface Run {
  request: RequestContext & { quoted?: Quoted | undefined } & Partial<Pick<Invocation, 'input' | 'press'>>;
  command: Command;
  /** As `parseValues` gave them. */
  values: unknown;
  raw: RawOptions;
  threadJob: Job | undefined;
  /** Those of a named session; by default the channel's. */
  experiments?: ExperimentsService | undefined;
  /** Who approved it, for an agent. */
  approvedBy?: Pick<Person, 'id' | 'name'>;
}

/** Makes what a command is given: who asks, how to answer them meanwhile, and those of the services that it declares. */
export function createContexts(deps: {
  commands: readonly Command[];
  services: SharedServices;
  /** The experiments of a channel's session. */
  experimentsIn(at: Destination): ExperimentsService;
  typing: Pick<Typing, 'at'>;
  /** What a view is told of its readers at an adapter. */
  viewing(adapter: string): ViewContext;
  rule: Pick<Rule, 'offers' | 'mayRunOwn'>;
  queues: Queues;
  log: Log;
}) {
  const { commands, services, log } = deps;

  return function contextOf(run: Run, reply: Answer): CommandContext {
    const { request, command, values, threadJob, approvedBy } = run;
    const { person, adapter, channel, thread, account, quoted, patience } = request;
    const visibility = visibilityOf(command, values);
    const experiments = run.experiments ?? deps.experimentsIn(request);
    const doer = { id: person.id, name: person.name, approvedBy: approvedBy?.name ?? null };
    const typed = deps.typing.at(adapter);
    return {
      caller: {
        person: personOn(person, queuesMeant(command, values as Record<string, unknown>, deps.queues)),
        doer,
        adapter,
        typed,
        channel,
        thread,
        account,
        quoted,
        patience,
        threadJob,
        isOffered: (each) => deps.rule.offers(person, each),
        mayRunOwn: (job) => deps.rule.mayRunOwn(person, job),
      },
      reply: {
        howFar() {},
        progress(data) {
          try {
            const message = command.view(data, deps.viewing(adapter));
            void reply({ message, visibility, ok: true, final: false, data });
          } catch (error) {
            log.error({ err: error, command: command.name }, 'an interim answer could not be made');
          }
        },
      },
      services: declared(command, { ...services, ...experiments, commands }),
    };
  };
}

export type ContextOf = ReturnType<typeof createContexts>;

/** The same context as seen from another session. */
export function seenFrom(
  experiments: ExperimentsService,
  command: Command,
  context: CommandContext,
): CommandContext {
  return { ...context, services: declared(command, { ...context.services, ...experiments }) };
}

export function visibilityOf({ visibility }: Command, values: unknown): Visibility {
  return typeof visibility === 'function' ? visibility(values as never) : visibility;
}

/** Whether a command changes something with these options; what only reads is answered in private. */
export function changesWith(command: Command, values: unknown): boolean {
  const { changes, visibility } = command;
  return changes && !(typeof visibility === 'function' && visibilityOf(command, values) === 'private');
}

/** Those services that a command declares, and no other. */
function declared({ services: names = [] }: Command, services: Services): Services {
  return Object.fromEntries(names.map((name) => [name, services[name]])) as unknown as Services;
}
