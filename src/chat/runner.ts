import type { Reply } from '../core/adapter.ts';
import type { Command } from '../core/command.ts';
import type { Visibility } from '../core/command-declaration.ts';
import { errorText } from '../core/errors.ts';
import type { Job } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { RawOptions } from '../core/options.ts';
import type { Person } from '../core/person.ts';
import type { Destination, Quoted, RequestContext } from '../core/request.ts';
import type { CommandContext, Services } from '../core/services/context.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { Audit } from '../store/audit.ts';

/** What commands may use, the experiments of whatever session aside. */
export type SharedServices = Omit<Services, 'commands' | keyof ExperimentsService>;

export type Answer = (reply: Reply) => Promise<void>;

/** A command with its options, and who gives it where. */
export interface Run {
  request: RequestContext & { quoted?: Quoted | undefined };
  command: Command;
  /** As `parseValues` gave them. */
  values: unknown;
  raw: RawOptions;
  threadJob: Job | undefined;
  /** Those of a session that was named; the channel's unless said. */
  experiments?: ExperimentsService | undefined;
  /** Who let an agent do it. */
  approvedBy?: Pick<Person, 'id' | 'name'>;
}

/** Runs commands that were parsed and allowed: context, audit, answer. */
export function createRunner(deps: {
  commands: readonly Command[];
  services: SharedServices;
  /** The experiments of a channel's session. */
  experimentsIn(at: Destination): ExperimentsService;
  audit: Audit;
  log: Log;
}) {
  const { commands, services, audit, log } = deps;

  /** What the command is run with: who asks, and those of the services that it declares. */
  function contextOf(
    { request, command, values, threadJob, experiments, approvedBy }: Run,
    reply: Answer,
  ): CommandContext {
    const { person, adapter, channel, thread, account, quoted } = request;
    const visibility = visibilityOf(command, values);
    const all: Services = {
      ...services,
      ...(experiments ?? deps.experimentsIn(request)),
      commands,
    };
    const doer = { id: person.id, name: person.name, approvedBy: approvedBy?.name ?? null };
    return {
      caller: { person, doer, adapter, channel, thread, account, quoted, threadJob },
      reply: {
        progress(data) {
          const message = command.view(data, { now: services.now() });
          reply({ message, visibility, ok: true, final: false, data }).catch((error) =>
            log.warn({ err: error }, 'an interim answer was not delivered'),
          );
        },
      },
      services: Object.fromEntries(
        (command.services ?? []).map((name) => [name, all[name]]),
      ) as unknown as Services,
    };
  }

  return {
    contextOf,

    /** Answers at least once, the last time finally; resolves to that. Rejects with what the command throws. */
    async run(asked: Run, context: CommandContext, reply: Answer): Promise<Reply> {
      const { request, command, values, raw, approvedBy } = asked;
      const { person, adapter, channel } = request;
      const finish = command.changes
        ? audit.begin({
            person: person.id,
            adapter,
            channel,
            command: command.name,
            options: raw,
            approvedBy: approvedBy?.id,
          })
        : () => {};
      try {
        const data = await command.run(values as never, context);
        const ok = command.succeeded?.(data) ?? true;
        finish(ok ? 'done' : 'refused');
        const message = command.view(data, { now: services.now() });
        const last = { message, visibility: visibilityOf(command, values), ok, final: true, data };
        await reply(last);
        return last;
      } catch (error) {
        finish(`failed: ${errorText(error)}`);
        throw error;
      }
    },
  };
}

export type Runner = ReturnType<typeof createRunner>;

function visibilityOf({ visibility }: Command, values: unknown): Visibility {
  return typeof visibility === 'function' ? visibility(values as never) : visibility;
}
