import { randomBytes } from 'node:crypto';
import type { AdapterHandlers, Invocation, Reply } from '../core/adapter.ts';
import type { Command, Confirmation } from '../core/command.ts';
import { BotError, errorText } from '../core/errors.ts';
import { parseExperimentKey } from '../core/experiment.ts';
import { formOf } from '../core/form.ts';
import { type Job, jobKeyText, parseJobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import { type Message, textMessage } from '../core/message.ts';
import { DEFAULT_MAX_LENGTH, specOf } from '../core/options.ts';
import { allows } from '../core/person.ts';
import { sessionPinned } from '../core/pinned-session.ts';
import type { Destination, RequestContext } from '../core/request.ts';
import type { CommandContext } from '../core/services/context.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { NotesService } from '../core/services/notes.ts';
import type { Confirmations } from '../store/confirmations.ts';
import type { Outbox } from '../store/outbox.ts';
import { authorise, NOT_ALLOWED } from './authorise.ts';
import { complete, suggest, suggestTags } from './complete.ts';
import type { NamedExperiments } from './job-reference.ts';
import { type CommandInput, NOWHERE, parseInput } from './parse.ts';
import type { Answer, Run, Runner, SharedServices } from './runner.ts';
import { jobOf, parseValues } from './values.ts';

/** The command name that a question's button carries; its only option is the token. */
export const CONFIRM = 'confirm';

export interface RouterDeps {
  commands: readonly Command[];
  services: SharedServices;
  runner: Runner;
  /** The experiments of a channel's session. */
  experimentsIn(at: Destination): ExperimentsService;
  resolveJob(reference: string, experiments: NamedExperiments, last?: 'began'): Job;
  outbox: Pick<Outbox, 'subjectOf'>;
  confirmations: Confirmations;
  /** Keeps what an agent may not do by itself until somebody decides on it; the answer to the agent. */
  propose(asked: Proposed): Reply;
  notes: Pick<NotesService, 'add'>;
  /** The experiments of a session; undefined when there is none of that name. */
  experimentsOf(session: string): ExperimentsService | undefined;
  /** An agent has changed something by itself: those who do not see its answer should be told. */
  onAgentActed(act: AgentAct): void;
  /** What the settings let agents propose of the commands that are otherwise kept from them. */
  mayPropose: readonly string[];
  log: Log;
}

/** What an agent asked for that waits for somebody's word, with what it was about then. */
export interface Proposed {
  run: Run;
  context: CommandContext;
  /** Those of its session. */
  experiments: ExperimentsService;
  /** The one job that it is about. */
  job: Job | null;
  session: string;
  /** What the command asks before it runs. */
  question: Confirmation | undefined;
}

/** What an agent did by itself, and what it was answered. */
export interface AgentAct {
  request: RequestContext;
  command: string;
  /** The job that it was about, if any. */
  job: Job | null;
  session: string;
  message: Message;
}

/** Takes what people ask for through parse, authorise, confirm, run and reply; the same for every adapter. */
export function createRouter(deps: RouterDeps): AdapterHandlers {
  const { commands, services, runner, confirmations, log } = deps;

  async function invoke(invocation: Invocation, reply: Answer): Promise<void> {
    try {
      const confirmed = takeConfirmation(invocation);
      const pressed = sessionPinned(invocation.input as CommandInput);
      const input = confirmed ? confirmed.input : pressed.input;
      const session = confirmed ? confirmed.session : pressed.session;
      const threadJob = jobOfThread(invocation);
      const { command, raw } = parseInput(input, commands, wordsIn(invocation, threadJob));
      const ruling = authorise(invocation.person, command, deps.mayPropose);
      const values = parseValues(command.options, raw, lookupsOf(invocation, threadJob));
      const asked: Run = { request: invocation, command, values, raw, threadJob };
      if (session !== null) asked.experiments = mustHave(session);
      const isAgent = invocation.person.role === 'agent';
      const isAnswered = confirmed || (invocation.preconfirmed && !isAgent);
      const context = runner.contextOf(asked, reply);
      const question = isAnswered ? undefined : await command.confirm?.(values as never, context);
      if (ruling === 'propose' || (question && isAgent)) return await propose(asked, question, reply);
      if (question) return await ask(invocation, command, question, session ?? sessionIn(invocation), reply);
      try {
        const { ok, visibility, message } = await runner.run(asked, context, reply);
        // What only reads is answered in private, whatever the command can do beyond.
        if (isAgent && command.changes && ok && visibility === 'public')
          deps.onAgentActed({ request: invocation, command: command.name, message, ...aboutOf(asked) });
      } catch (error) {
        // Some commands need more for some of their options, and say so themselves before they do anything.
        const lacksRole = error instanceof BotError && error.code === NOT_ALLOWED;
        if (!isAgent || !lacksRole || !command.changes) throw error;
        await propose(asked, undefined, reply);
      }
    } catch (error) {
      await reply(failure(error, invocation));
    }
  }

  function mustHave(session: string): ExperimentsService {
    const found = deps.experimentsOf(session);
    if (found) return found;
    throw new BotError('unknown-session', `There is no session "${session}" any more.`, 'Nothing was done.');
  }

  /** What an agent may not do by itself waits for somebody's word. */
  async function propose(asked: Run, question: Confirmation | undefined, reply: Answer): Promise<void> {
    const { job, session } = aboutOf(asked, question);
    const experiments = deps.experimentsOf(session) ?? deps.experimentsIn(asked.request);
    const context = runner.contextOf({ ...asked, experiments }, reply);
    await asked.command.check?.(asked.values as never, context);
    await reply(deps.propose({ run: asked, context, experiments, job, session, question }));
  }

  /** The job that something is about, and the session: the job's, else that of the channel. */
  function aboutOf({ request, command, values, threadJob }: Run, question?: Confirmation) {
    const named = jobOf(command.options, values as Record<string, unknown>);
    const job = named ?? (question?.job && services.jobs.get(question.job)) ?? threadJob ?? null;
    const here = deps.experimentsIn(request);
    if (job) return { job, session: here.session.of(job).name };
    return {
      job,
      session: sessionNamed(command, values as Record<string, unknown>) ?? here.session.info().name,
    };
  }

  /** The session of the experiment that a command is about, where it is named with one. */
  function sessionNamed({ options }: Command, values: Record<string, unknown>): string | undefined {
    const { experiment } = values;
    if (options.experiment?.type !== 'experiment' || typeof experiment !== 'string') return undefined;
    const key = parseExperimentKey(experiment);
    return key && deps.experimentsOf(key.session)?.rows.get(key.experimentId) ? key.session : undefined;
  }

  async function ask(
    invocation: Invocation,
    command: Command,
    question: Confirmation,
    session: string,
    reply: Answer,
  ): Promise<void> {
    const { person, adapter, channel } = invocation;
    const token = confirmations.ask({
      person: person.id,
      adapter,
      channel,
      session,
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

  /** What is decided later is about the session that is in use now. */
  function sessionIn(at: Destination): string {
    return deps.experimentsIn(at).session.info().name;
  }

  function takeConfirmation(
    invocation: Invocation,
  ): { input: CommandInput; session: string | null } | undefined {
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
    const { command, options, session } = confirmed;
    return { input: { kind: 'options', command, options }, session };
  }

  function jobOfThread({ adapter, thread }: Pick<RequestContext, 'adapter' | 'thread'>): Job | undefined {
    const subject = thread && deps.outbox.subjectOf(adapter, thread);
    const key = subject === undefined ? undefined : parseJobKey(subject);
    return key && services.jobs.get(key);
  }

  function lookupsOf(at: Destination, threadJob: Job | undefined) {
    return {
      inJobThread: threadJob !== undefined,
      job: (reference: string | undefined, last?: 'began') => jobFor(at, reference, threadJob, last),
    };
  }

  /** The place's words: whether a job is implied there, and which words are experiments. */
  function wordsIn(at: Destination, threadJob: Job | undefined) {
    const { rows } = deps.experimentsIn(at);
    return {
      jobImplied: threadJob !== undefined,
      namesExperiment: (word: string) => rows.get(word) !== undefined,
    };
  }

  function jobFor(
    at: Destination,
    reference: string | undefined,
    threadJob: Job | undefined,
    last?: 'began',
  ): Job {
    if (reference !== undefined) return deps.resolveJob(reference, deps.experimentsIn(at), last);
    if (threadJob) return threadJob;
    throw new BotError(
      'which-job',
      'Which job?',
      "Name one (job-0000007, 7, last, running), or ask in a job's thread.",
    );
  }

  /** The job of a half-filled form; undefined while it names none. */
  function knownJob(
    at: Destination,
    reference: string | undefined,
    threadJob: Job | undefined,
  ): Job | undefined {
    try {
      return jobFor(at, reference || undefined, threadJob);
    } catch {
      return undefined;
    }
  }

  function failure(error: unknown, { person, adapter }: Invocation): Reply {
    const base = { visibility: 'private' as const, ok: false, final: true };
    if (error instanceof BotError) {
      const text = error.hint ? `${error.message} ${error.hint}` : error.message;
      const option = error.option === undefined ? {} : { errorOption: error.option };
      return { ...base, message: textMessage(text, 'warning'), errorCode: error.code, ...option };
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
      const { command } = parseInput(
        { kind: 'options', command: commandName, options: {} },
        commands,
        NOWHERE,
      );
      authorise(invocation.person, command, deps.mayPropose);
      const jobOption = Object.keys(command.options).find((name) => command.options[name]!.type === 'job');
      const given = {
        ...(threadJob && jobOption ? { [jobOption]: jobKeyText(threadJob) } : {}),
        ...options,
      };
      const job = jobOption === undefined ? undefined : knownJob(invocation, given[jobOption], threadJob);
      return formOf(command, given, command.useless?.(job, lookups(invocation).services));
    },

    complete: (request, words) => complete(words, lookups(request)),

    async suggest(request, asked) {
      const command = commands.find(({ name }) => name === asked.command);
      if (!command || !allows(request.person.role, command.role)) return [];
      if (specOf(command.options, asked.option)?.type !== 'tag') return suggest(asked, lookups(request));
      const jobOption = Object.keys(command.options).find((name) => command.options[name]!.type === 'job');
      const job = knownJob(request, asked.given[jobOption ?? ''], jobOfThread(request));
      return job ? suggestTags((await services.metrics.series(job)).series, asked.typed) : [];
    },

    check(invocation) {
      try {
        if (invocation.input.kind === 'confirm') return undefined;
        const threadJob = jobOfThread(invocation);
        const { input } = sessionPinned(invocation.input);
        const { command, raw } = parseInput(input, commands, wordsIn(invocation, threadJob));
        authorise(invocation.person, command, deps.mayPropose);
        parseValues(command.options, raw, lookupsOf(invocation, threadJob));
        return undefined;
      } catch (error) {
        const { option } = error instanceof BotError ? error : { option: undefined };
        return { option, message: errorText(error) };
      }
    },

    heard(thread, { author, text, at, link, id }) {
      const job = jobOfThread(thread);
      if (!job || text.trim() === '') return;
      deps.notes.add(job, {
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

  function lookups(request: RequestContext) {
    return {
      commands,
      services: { ...services, ...deps.experimentsIn(request), commands },
      threadJob: jobOfThread(request),
      role: request.person.role,
    };
  }
}
