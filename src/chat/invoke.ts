import type { GiveReply, Invocation, Reply } from '../core/adapter.ts';
import type { Command, Confirmation } from '../core/command.ts';
import type { Typing } from '../core/command-line.ts';
import { BotError } from '../core/errors.ts';
import { parseExperimentKey } from '../core/experiment.ts';
import { mustHavePreset } from '../core/form.ts';
import type { Job } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Mask } from '../core/masked.ts';
import type { Message } from '../core/message.ts';
import { emptyWords, type RawOptions, specOf } from '../core/options.ts';
import { allows, isAgent, type Person } from '../core/person.ts';
import { sessionPinned } from '../core/pinned-session.ts';
import { yesToken } from '../core/press.ts';
import { queueWith } from '../core/queue-lacks.ts';
import type { Queues } from '../core/queues.ts';
import type { Destination, RequestContext } from '../core/request.ts';
import type { CommandContext } from '../core/services/context.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobsService } from '../core/services/jobs.ts';
import type { LaunchService } from '../core/services/launches.ts';
import type { Answer, AnswersTo } from './answers.ts';
import { NOT_ALLOWED, type Rule } from './authorise.ts';
import type { Budgets } from './budgets.ts';
import { type ContextOf, changesWith, type Run, seenFrom } from './context.ts';
import { failureReply } from './failure.ts';
import { withFormOffered } from './form-offer.ts';
import type { Fresh } from './fresh.ts';
import { createInPlace } from './in-place.ts';
import { type CommandInput, parseInput } from './parse.ts';
import type { Places } from './place.ts';
import type { Questions, Yes } from './questions.ts';
import { queuesMeant } from './queues-meant.ts';
import type { Asked, Records } from './records.ts';
import type { Runner } from './runner.ts';
import { jobOf, jobsOf, launchOf, meantBy, parseValues } from './values.ts';

export interface InvokeDeps {
  commands: readonly Command[];
  jobs: Pick<JobsService, 'get'>;
  queues: Queues;
  contextOf: ContextOf;
  run: Runner;
  services: { launches: Pick<LaunchService, 'presets'> };
  /** Takes one command from somebody's budget. Error `too-many`. */
  spend: Budgets['spend'];
  answersTo: AnswersTo;
  /** The experiments of a channel's session. */
  experimentsIn(at: Destination): ExperimentsService;
  /** The experiments of a session; undefined when there is none of that name. */
  experimentsOf(session: string): ExperimentsService | undefined;
  questions: Pick<Questions, 'ask' | 'stands' | 'take' | 'questioned'>;
  typing: Typing;
  mask: Mask;
  /** Keeps what an agent may not do by itself until somebody decides on it; the answer to the agent. */
  propose(asked: Proposed): Promise<Reply>;
  /** An agent has changed something by itself: those who do not see its answer should be told. */
  onAgentActed(act: AgentAct): void;
  /** Who may give which command. */
  rule: Rule;
  fresh: Fresh;
  records: Pick<Records, 'turnedAway' | 'question' | 'proposed'>;
  /** Somebody has asked for something about a job, or looked at it. */
  onLooked(job: Job, person: Person): void;
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

/** The one way of an invocation: parse, authorise, context, confirm or propose, run, reply. Never rejects. */
export function createInvoke(deps: InvokeDeps & { places: Places }) {
  const { commands, places, records, log } = deps;
  const inPlace = createInPlace(deps);

  /** What is asked for and in what session, as it was said; `understood` has it as far as it was read. Errors of reading it. */
  function read(invocation: Invocation, closed: (question: Yes['closed']) => void, understood: Asked) {
    const confirmed = deps.questions.take(invocation);
    if (confirmed) closed(confirmed.closed);
    const { input, session } = confirmed ?? sessionPinned(invocation.input as CommandInput);
    const threadJob = places.threadJob(invocation);
    const { command, raw: given } = parseInput(input, commands, places.words(invocation, threadJob));
    const raw = withoutSecrets(command, given, deps.mask);
    Object.assign(understood, { command, raw });
    // Who may not give it for any job is told of none.
    deps.rule.authorise(invocation.person, command);
    deps.spend(invocation.person, command);
    mustHavePreset(command.options, deps.services.launches.presets());
    return {
      ...{ command, raw, threadJob, session, isSaidYesTo: confirmed !== undefined },
      meant: () => parseValues(command.options, raw, places.lookups(invocation, threadJob)),
      jobsIn: (values: unknown) => jobsOf(command.options, values as Record<string, unknown>),
    };
  }

  /** The same with what its words mean, and whether it may be asked. Errors of who may ask it. */
  function asMeant(
    invocation: Invocation,
    { command, raw, threadJob, session, isSaidYesTo }: ReturnType<typeof read>,
    values: Run['values'],
    understood: Asked,
  ) {
    understood.values = values;
    const ruling = deps.rule.authorise(
      invocation.person,
      command,
      meantBy(command.options, values as Record<string, unknown>),
      queuesMeant(command, values as Record<string, unknown>, deps.queues),
    );
    const token = yesToken(invocation.input);
    if (token !== undefined) records.question('answered', understood, token);
    mustBeAble(command, values as Record<string, unknown>, deps.queues);
    const experiments = session === null ? deps.experimentsIn(invocation) : mustHave(session);
    const asked: Run = { request: invocation, command, values, raw, threadJob, experiments };
    const mayConfirm = !isAgent(invocation.person);
    const isConfirmed = isSaidYesTo || (mayConfirm && invocation.preconfirmed === true);
    return { asked, ruling, isConfirmed, session: session ?? experiments.session.info().name };
  }

  return async function invoke(invocation: Invocation, given: GiveReply): Promise<void> {
    const { give, closed, standing } = inPlace(invocation, given);
    const reply = deps.answersTo(invocation, give);
    const understood: Asked = { request: invocation };
    /** What is tried is written down by whoever does it. */
    let isTried = false;
    try {
      const said = read(invocation, closed, understood);
      // A yes is to what its question named, and is written down before anybody says it again.
      const meant = said.isSaidYesTo ? said.meant() : await deps.fresh(said.meant, said.jobsIn);
      const { asked, ruling, isConfirmed, session } = asMeant(invocation, said, meant, understood);
      const { command, values } = asked;
      const isAgents = isAgent(invocation.person);
      if (!invocation.unseen) lookedAt(asked);
      const context = deps.contextOf(asked, reply);
      const question = isConfirmed ? undefined : await command.confirm?.(values as never, context);
      if (ruling === 'propose' || (question && isAgents))
        return await propose(asked, context, question, reply);
      if (question) {
        const answer = deps.questions.ask(invocation, command.name, question, {
          session,
          job: jobIn(asked, question),
        });
        const shown = reply(answer);
        deps.questions.stands(answer.data.token, shown.then(standing));
        records.question('asked', understood, answer.data.token);
        return await shown;
      }
      try {
        isTried = changesWith(command, values);
        const done = await deps.run(asked, context, reply);
        if (isAgents) tellOthers(asked, done);
      } catch (error) {
        // Some commands need more for some of their options, and say so themselves before they do anything.
        const lacksRole = error instanceof BotError && error.code === NOT_ALLOWED;
        const mayPropose = isAgents && allows(context.caller.person.role, 'agent');
        if (!mayPropose || !lacksRole || !command.changes) throw error;
        isTried = false;
        await propose(asked, context, undefined, reply);
      }
    } catch (error) {
      const { adapter, person } = invocation;
      if (!isTried) records.turnedAway(understood, error);
      const failed = failureReply(error, { adapter, asker: person.id }, { log, typing: deps.typing });
      await reply(withFormOffered(failed, understood, invocation));
    }
  };

  /** Whoever asks about a job, or in its thread, knows how it stands. */
  function lookedAt({ command, values, threadJob, request }: Run): void {
    const named = jobsOf(command.options, values as Record<string, unknown>);
    for (const job of [...named, ...(threadJob ? [threadJob] : [])]) deps.onLooked(job, request.person);
  }

  /** Of what an agent changed, which has been done whoever hears of it. What only reads is answered in private. */
  function tellOthers(asked: Run, { ok, visibility, message }: Reply): void {
    const { request, command } = asked;
    if (!command.changes || !ok || visibility !== 'public') return;
    try {
      deps.onAgentActed({ request, command: command.name, message, ...aboutOf(asked) });
    } catch (error) {
      log.error({ err: error, command: command.name }, 'nobody is told what an agent did');
    }
  }

  function mustHave(session: string): ExperimentsService {
    const found = deps.experimentsOf(session);
    if (found) return found;
    throw new BotError('unknown-session', `The session "${session}" no longer exists.`, 'Nothing was done.');
  }

  /** What an agent may not do by itself waits for somebody's word. */
  async function propose(
    run: Run,
    given: CommandContext,
    question: Confirmation | undefined,
    reply: Answer,
  ): Promise<void> {
    const { job, session } = aboutOf(run, question);
    const experiments = deps.experimentsOf(session) ?? deps.experimentsIn(run.request);
    const context = seenFrom(experiments, run.command, given);
    await run.command.check?.(run.values as never, context);
    const answer = await deps.propose({ run, context, experiments, job, session, question });
    records.proposed(run, (answer.data as { proposal: number }).proposal);
    await reply(answer);
  }

  /** The job that something is about, and the session: the job's, else that of the channel. */
  function aboutOf(run: Run, question?: Confirmation) {
    const { request, command, values, threadJob } = run;
    const job = jobIn(run, question) ?? threadJob ?? null;
    const here = deps.experimentsIn(request).session;
    if (job) return { job, session: here.of(job).name };
    return { job, session: sessionNamed(command, values as Record<string, unknown>) ?? here.info().name };
  }

  /** The one job that is named, or that its question is about. */
  function jobIn({ command, values }: Run, question: Confirmation | undefined): Job | null {
    const named = jobOf(command.options, values as Record<string, unknown>);
    return named ?? (question?.job && deps.jobs.get(question.job)) ?? null;
  }

  /** The session of the launch that a command is about, or of the experiment, where it is named with one. */
  function sessionNamed({ options }: Command, values: Record<string, unknown>): string | undefined {
    const launch = launchOf(options, values);
    if (launch) return launch.session;
    const { experiment } = values;
    if (options.experiment?.type !== 'experiment' || typeof experiment !== 'string') return undefined;
    const key = parseExperimentKey(experiment);
    return key && deps.experimentsOf(key.session)?.rows.get(key.experimentId) ? key.session : undefined;
  }
}

/** Error `queue-lacks` where the queue of a job that is named, or every queue, lacks what the command needs. */
function mustBeAble({ needs, options }: Command, values: Record<string, unknown>, queues: Queues): void {
  if (needs === undefined) return;
  const jobs = jobsOf(options, values);
  for (const job of jobs) queueWith(queues.of(job), needs);
  if (jobs.length === 0 && queues.with(needs).length === 0) queueWith(queues.all[0]!, needs);
}

/** What somebody writes is kept, so a secret in it goes no further. A setting acts, and is passed as it was given. */
function withoutSecrets({ options }: Command, { named, assignments }: RawOptions, mask: Mask): RawOptions {
  const kept = Object.entries(named).map(([name, value]) => [
    name,
    specOf(options, name)?.type === 'text' ? mask(value) : value,
  ]);
  return { named: Object.assign(emptyWords(), Object.fromEntries(kept)), assignments };
}
