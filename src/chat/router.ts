import { randomBytes } from 'node:crypto';
import type { AdapterHandlers, Invocation, Reply } from '../core/adapter.ts';
import type { Command, Confirmation, Visibility } from '../core/command.ts';
import { BotError, errorText } from '../core/errors.ts';
import { type Job, jobKeyText, parseJobKey } from '../core/job.ts';
import { type Message, textMessage } from '../core/message.ts';
import { DEFAULT_MAX_LENGTH, type OptionSpecs, type RawOptions, specOf } from '../core/options.ts';
import { allows } from '../core/person.ts';
import type { CommandContext, ExperimentsService } from '../core/services.ts';
import type { Log } from '../log.ts';
import type { Audit } from '../store/audit.ts';
import type { Confirmations } from '../store/confirmations.ts';
import type { Outbox } from '../store/outbox.ts';
import { complete, suggest, suggestTags } from './complete.ts';
import { type CommandInput, parseInput } from './parse.ts';
import { parseValues } from './values.ts';

/** The command name that a question's button carries; its only option is the token. */
export const CONFIRM = 'confirm';

export interface RouterDeps {
  commands: readonly Command[];
  /** What every command may use, without what belongs to one invocation. */
  services: Omit<
    CommandContext,
    'person' | 'adapter' | 'channel' | 'account' | 'quoted' | 'threadJob' | 'progress' | 'commands'
  >;
  /** The experiments of a channel's session. */
  experimentsIn(adapter: string, channel: string): ExperimentsService;
  resolveJob(reference: string): Job;
  outbox: Pick<Outbox, 'subjectOf'>;
  audit: Audit;
  confirmations: Confirmations;
  log: Log;
}

type Answer = (reply: Reply) => Promise<void>;

/** Takes what people ask for through parse, authorise, confirm, run and reply; the same for every door. */
export function createRouter(deps: RouterDeps): AdapterHandlers {
  const { commands, services, audit, confirmations, log } = deps;

  async function invoke(invocation: Invocation, reply: Answer): Promise<void> {
    try {
      const confirmed = takeConfirmation(invocation);
      const input = confirmed ? confirmed.input : (invocation.input as CommandInput);
      const threadJob = jobOfThread(invocation);
      const { command, raw } = parseInput(input, commands, threadJob !== undefined);
      authorise(invocation, command);
      const values = parseValues(command.options, raw, lookupsOf(threadJob));
      const context = contextOf(invocation, threadJob, command, visibilityOf(command, values), reply);
      const question =
        confirmed || invocation.preconfirmed ? undefined : await command.confirm?.(values as never, context);
      if (question) return await ask(invocation, command, question, reply);
      await run(invocation, command, values, context, raw, reply);
    } catch (error) {
      await reply(failure(error, invocation));
    }
  }

  async function run(
    invocation: Invocation,
    command: Command,
    values: unknown,
    context: CommandContext,
    raw: RawOptions,
    reply: Answer,
  ): Promise<void> {
    const { person, adapter, channel } = invocation;
    const finish = command.changes
      ? audit.begin({ person: person.id, adapter, channel, command: command.name, options: raw })
      : () => {};
    try {
      const data = await command.run(values as never, context);
      const ok = command.succeeded?.(data) ?? true;
      finish(ok ? 'done' : 'refused');
      const message = command.view(data, { now: services.now() });
      await reply({ message, visibility: visibilityOf(command, values), ok, final: true, data });
    } catch (error) {
      finish(`failed: ${errorText(error)}`);
      throw error;
    }
  }

  function contextOf(
    invocation: Invocation,
    threadJob: Job | undefined,
    command: Command,
    visibility: Visibility,
    reply: Answer,
  ): CommandContext {
    const { person, adapter, channel, account, quoted } = invocation;
    return {
      ...services,
      experiments: deps.experimentsIn(adapter, channel),
      commands,
      person,
      adapter,
      channel,
      account,
      quoted,
      threadJob,
      progress(data) {
        const message = command.view(data, { now: services.now() });
        reply({ message, visibility, ok: true, final: false, data }).catch((error) =>
          log.warn({ err: error }, 'an interim answer was not delivered'),
        );
      },
    };
  }

  async function ask(
    invocation: Invocation,
    command: Command,
    question: Confirmation,
    reply: Answer,
  ): Promise<void> {
    const { person, adapter, channel } = invocation;
    const token = confirmations.ask({
      person: person.id,
      adapter,
      channel,
      command: command.name,
      options: question.options,
    });
    const yes = {
      label: question.confirmLabel,
      command: CONFIRM,
      options: { token },
      style: 'danger' as const,
    };
    const message: Message = {
      ...question.question,
      blocks: [...question.question.blocks, { kind: 'buttons', buttons: [yes] }],
    };
    await reply({
      message,
      visibility: 'private',
      ok: false,
      final: true,
      errorCode: 'needs-confirmation',
      data: { token },
    });
  }

  function takeConfirmation(invocation: Invocation): { input: CommandInput } | undefined {
    const { input, person, adapter } = invocation;
    const token =
      input.kind === 'confirm'
        ? input.token
        : input.kind === 'options' && input.command === CONFIRM
          ? input.options.token
          : undefined;
    if (token === undefined) return undefined;
    const confirmed = confirmations.take(token, person.id, adapter);
    if (!confirmed) {
      throw new BotError(
        'confirmation-gone',
        'This question is no longer open: it was answered, is older than ten minutes, or was asked of somebody else.',
        'Give the command again.',
      );
    }
    return { input: { kind: 'options', command: confirmed.command, options: confirmed.options } };
  }

  function jobOfThread({ adapter, thread }: Pick<Invocation, 'adapter' | 'thread'>): Job | undefined {
    const subject = thread && deps.outbox.subjectOf(adapter, thread);
    const key = subject === undefined ? undefined : parseJobKey(subject);
    return key && services.jobs.get(key);
  }

  function lookupsOf(threadJob: Job | undefined) {
    return {
      inJobThread: threadJob !== undefined,
      job: (reference: string | undefined) => jobFor(reference, threadJob),
    };
  }

  function jobFor(reference: string | undefined, threadJob: Job | undefined): Job {
    if (reference !== undefined) return deps.resolveJob(reference);
    if (threadJob) return threadJob;
    throw new BotError(
      'which-job',
      'Which job?',
      "Name one (job-0000007, 7, last, running), or ask in a job's thread.",
    );
  }

  /** The job of a half-filled form; undefined while it names none. */
  function knownJob(reference: string | undefined, threadJob: Job | undefined): Job | undefined {
    try {
      return jobFor(reference || undefined, threadJob);
    } catch {
      return undefined;
    }
  }

  function failure(error: unknown, { person, adapter }: Invocation): Reply {
    const base = { visibility: 'private' as const, ok: false, final: true };
    if (error instanceof BotError) {
      const text = error.hint ? `${error.message} ${error.hint}` : error.message;
      return { ...base, message: textMessage(text, 'warning'), errorCode: error.code };
    }
    const reference = randomBytes(4).toString('hex');
    log.error({ err: error, reference, person: person.id, adapter }, 'a command failed');
    const message = textMessage(
      `Something went wrong here (${reference}). The host's log has the details.`,
      'bad',
    );
    return { ...base, message, errorCode: 'internal' };
  }

  return {
    invoke,

    async form(invocation, commandName, options) {
      const threadJob = jobOfThread(invocation);
      const { command } = parseInput({ kind: 'options', command: commandName, options: {} }, commands, false);
      authorise(invocation, command);
      const specs: OptionSpecs = command.options;
      const jobOption = Object.keys(specs).find((name) => specs[name]!.type === 'job');
      const values = {
        ...(threadJob && jobOption ? { [jobOption]: jobKeyText(threadJob) } : {}),
        ...options,
      };
      return { title: command.summary, command: command.name, submitLabel: 'Send', fields: specs, values };
    },

    complete: (where, words) => complete(words, lookups(where)),

    async suggest(where, asked) {
      const command = commands.find(({ name }) => name === asked.command);
      if (!command || !allows(where.person.role, command.role)) return [];
      if (specOf(command.options, asked.option)?.type !== 'tag') return suggest(asked, lookups(where));
      const jobOption = Object.keys(command.options).find((name) => command.options[name]!.type === 'job');
      const job = knownJob(asked.given[jobOption ?? ''], jobOfThread(where));
      return job ? suggestTags((await services.metrics.series(job)).series, asked.typed) : [];
    },

    check(invocation) {
      try {
        if (invocation.input.kind === 'confirm') return undefined;
        const threadJob = jobOfThread(invocation);
        const { command, raw } = parseInput(invocation.input, commands, threadJob !== undefined);
        authorise(invocation, command);
        parseValues(command.options, raw, lookupsOf(threadJob));
        return undefined;
      } catch (error) {
        const { option } = error instanceof BotError ? error : { option: undefined };
        return { option, message: errorText(error) };
      }
    },

    heard(where, { author, text, at, link, id }) {
      const job = jobOfThread(where);
      if (!job || text.trim() === '') return;
      services.experiments.addNote(job, {
        author: author.name,
        person: author.id,
        text: text.slice(0, DEFAULT_MAX_LENGTH),
        at,
        link,
        source: id,
      });
    },

    commands,
  };

  function lookups(where: Omit<Invocation, 'input'>) {
    return { commands, services, threadJob: jobOfThread(where), role: where.person.role };
  }

  function authorise({ person }: Invocation, command: Command): void {
    if (allows(person.role, command.role)) return;
    const have = person.role === null ? 'you are not among its people' : `your role is ${person.role}`;
    throw new BotError(
      'not-allowed',
      `${command.name} needs the role ${command.role}; ${have}.`,
      'An admin can change that under people: in xaxbot.yaml.',
    );
  }
}

function visibilityOf({ visibility }: Command, values: unknown): Visibility {
  return typeof visibility === 'function' ? visibility(values as never) : visibility;
}
