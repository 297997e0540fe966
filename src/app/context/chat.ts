import { createPerform } from '../../approvals/perform.ts';
import { createPropose } from '../../approvals/propose.ts';
import { type Approvals, createApprovals } from '../../approvals/service.ts';
import { createStanding } from '../../approvals/standing.ts';
import { type Answers, createAnswers } from '../../chat/answers.ts';
import { createRule } from '../../chat/authorise.ts';
import { type Budgets, createBudgets } from '../../chat/budgets.ts';
import { createContexts } from '../../chat/context.ts';
import { createFresh } from '../../chat/fresh.ts';
import { createGate, type Gate } from '../../chat/gate.ts';
import { resolveJob } from '../../chat/job-reference.ts';
import { createLate } from '../../chat/late.ts';
import { createMeant } from '../../chat/launch-reference.ts';
import { createPresses } from '../../chat/presses.ts';
import { createQuestions, type Questions } from '../../chat/questions.ts';
import { queueNameOf, queuesMeant, queuesProposed } from '../../chat/queues-meant.ts';
import { createRecords, type Records } from '../../chat/records.ts';
import { createRouter } from '../../chat/router.ts';
import { createRunner } from '../../chat/runner.ts';
import { meantBy } from '../../chat/values.ts';
import { commandNamed } from '../../core/command-names.ts';
import { parseExperimentKey } from '../../core/experiment.ts';
import { maskedHandlers } from '../../core/masked-ports.ts';
import { isReader } from '../../core/person.ts';
import { isLaunch } from '../../core/waiting-launch.ts';
import type { Experiments } from '../../experiments/service.ts';
import { directChannel } from '../../identity/subscriptions.ts';
import type { Launches } from '../../launch/service.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';
import type { Notify } from './notify.ts';
import type { BuildServices } from './services.ts';
import type { Stores } from './stores.ts';

/** From typed text to a running command: parse, authorise, confirm or get approval, run, answer. */
export interface Chat {
  approvals: Approvals;
  answers: Answers;
  questions: Questions;
  budgets: Budgets;
  records: Records;
  gate: Gate;
}

export function buildChat(
  made: Base & {
    stores: Stores;
    ingest: Ingest;
    experiments: Experiments;
    launches: Launches;
    notify: Notify;
    servicesWith: BuildServices;
  },
  given: Partial<Chat> = {},
): Chat {
  const { settings, commands, queues, clock, log, events, stores, experiments } = made;
  const { notifier } = made.notify;
  const rule = createRule({
    mayPropose: () => settings().agents.mayPropose,
    owns(person, meant) {
      if (isLaunch(meant)) return stores.people.owns(person, { person: meant.person, unix: null });
      const raw = stores.jobs.rawOwner(meant);
      return raw !== undefined && stores.people.owns(person, raw);
    },
    queueOf: (job) => queueNameOf(queues, job),
  });
  const approvals =
    given.approvals ??
    createApprovals({
      store: stores.proposals,
      waitMs: () => settings().agents.approvalMs,
      mustBeAllowed(proposal, by, decision) {
        const command = commandNamed(proposal.command, commands);
        if (!command) return;
        const known = proposal.job && made.ingest.jobs.get(proposal.job);
        const meant = queuesProposed(command, proposal.options, queues);
        const { name, role } = commandNamed(decision, commands)!;
        rule.authorise(by, { ...command, name, role, own: undefined }, [], meant);
        if (decision === 'approve') rule.authorise(by, command, known ? [known] : [], meant);
      },
      standing: createStanding({
        commands,
        rule,
        personOf: stores.people.byId,
        queuesOf: (command, { options }) => queuesProposed(command, options, queues),
        sessionOf: (name) => experiments.inSession(name)?.session.info(),
      }),
      show: ({ id, job, session }, pointer) =>
        notifier.showProposal(id, job, session ?? experiments.session.info().name, pointer),
      tell: (key, { id }, message) => notifier.aboutProposal(key, id, message),
      onSettled: () => events.emit('proposalsSettled', undefined),
      clock,
      log,
    });
  const services = made.servicesWith(approvals.service);
  const experimentsIn = experiments.inChannel;
  const viewing = (adapter: string) => ({
    now: clock(),
    whole: made.traits.get(adapter)?.showsWhole === true,
  });
  const { typing } = made;
  const contextOf = createContexts({ commands, services, experimentsIn, typing, viewing, rule, queues, log });
  const presses = createPresses({
    store: stores.presses,
    commands,
    nameOf: queues.nameOf,
    now: clock,
    log,
  });
  const questions = createQuestions({
    confirmations: stores.confirmations,
    presses,
    clock,
    timings: made.timings.questions,
  });
  const budgets = given.budgets ?? createBudgets({ clock, log });
  const records = createRecords({
    audit: stores.audit,
    known: (at) => ({
      experiment: (id) =>
        experimentsIn(at).rows.get(parseExperimentKey(id)?.experimentId ?? id) !== undefined,
      preset: (wanted) => settings().presets.some(({ name }) => name === wanted),
    }),
    now: clock,
    log,
  });
  const run = createRunner({ records, presses, viewing, log });
  const meant = createMeant({
    waiting: made.launches.waiting,
    resolveJob: (reference, among, which) =>
      resolveJob(reference, { queues, jobs: made.ingest.jobs }, among, which),
  });
  const experimentsOf = experiments.inSession;
  approvals.performBy(
    createPerform({
      commands,
      contextOf,
      run,
      meant,
      experimentsOf,
      mustBeAllowed(by, command, values) {
        rule.authorise(by, command, meantBy(command.options, values), queuesMeant(command, values, queues));
      },
    }),
  );
  const late = createLate({
    outbox: stores.outbox,
    channels: notifier.channels,
    directChannel: (requester) => directChannel(requester, made.traits),
    commands,
    nameOf: queues.nameOf,
    typed: (adapter, line) => made.typing.at(adapter)(line),
  });
  const answers = createAnswers({ late, log });
  const router = createRouter({
    answersTo: answers.answersTo,
    commands,
    services,
    jobs: made.ingest.jobs,
    queues,
    contextOf,
    run,
    ...budgets,
    experimentsIn,
    meant,
    fresh: createFresh({ queues, read: made.ingest.following.read }),
    outbox: stores.outbox,
    questions,
    typing: made.typing,
    mask: made.mask,
    notes: experiments.notes,
    propose: createPropose(approvals),
    experimentsOf,
    onAgentActed: (act) => events.emit('agentActed', act),
    onLooked: (job, person) => isReader(person) && events.emit('jobLooked', job),
    rule,
    records,
    log,
  });
  return {
    approvals,
    answers,
    questions,
    budgets,
    records,
    gate: createGate(maskedHandlers(router, made.mask)),
    ...given,
  };
}
