import { proposalCard } from '../../cards/proposal.ts';
import { sessionCard } from '../../cards/session-card.ts';
import { queuesProposed } from '../../chat/queues-meant.ts';
import type { Adapter } from '../../core/adapter.ts';
import { commandNamed } from '../../core/command-names.ts';
import { forReaders } from '../../core/for-readers.ts';
import type { Message, PersonId } from '../../core/message.ts';
import { allows, type Person, personOf, personOn, rightsAnywhere } from '../../core/person.ts';
import { withPings } from '../../core/pings.ts';
import type { Proposal } from '../../core/proposal.ts';
import { legibleLine } from '../../core/unseen.ts';
import type { Experiments } from '../../experiments/service.ts';
import type { Launches } from '../../launch/service.ts';
import { type Absence, createAbsence } from '../../notify/absence.ts';
import { createBySession, type TellBySession } from '../../notify/by-session.ts';
import { createDeliverer, type Deliverer } from '../../notify/deliverer.ts';
import { createElsewhere } from '../../notify/elsewhere.ts';
import { createNotifier, type Notifier } from '../../notify/notifier.ts';
import { createPings, type Pings } from '../../notify/pings.ts';
import { createReminders, type Reminders } from '../../notify/reminders.ts';
import { createRenderers } from '../../notify/renderers.ts';
import { LANES } from '../../store/delivery.ts';
import { createKeptValues, OWN } from '../../store/kept-values.ts';
import type { Base } from './base.ts';
import type { Runs } from './runs.ts';
import type { Stores } from './stores.ts';

/** More people than these are not pinged for one decision. */
const DECIDERS_MAX = 5;

/** What is posted where, and its delivery. */
export interface Notify {
  notifier: Notifier;
  deliverer: Deliverer;
  /** Says something to each admin alone, where they can be reached; once per key. */
  tellAdmins(key: string, message: Message): void;
  /** Posts in every channel about its session; once per key. */
  tellBySession: TellBySession;
  absence: Absence;
  pings: Pings;
  /** Of failed runs that nobody has looked at. */
  reminders: Reminders;
}

export function buildNotify(
  made: Base & {
    stores: Stores;
    experiments: Experiments;
    launches: Launches;
    runs: Runs;
    adapters: readonly Adapter[];
  },
  given: Partial<Notify> = {},
): Notify {
  const { config, settings, clock, log, timings, stores, experiments, launches, runs, adapters } = made;
  const { outbox, jobs, people, proposals, subscriptions, edits } = stores;
  const pings = given.pings ?? createPings({ store: stores.pings, subscriptions, clock });
  const notifier =
    given.notifier ??
    createNotifier({
      outbox,
      queues: made.queues.ofSettings.map(({ name }) => name),
      jobs,
      // Messages for an adapter that is off would never be delivered, and would be a flood once it is turned on.
      channels: () =>
        settings()
          .channels.filter(({ adapter }) => config.adapters.get(adapter)?.settings != null)
          .map(({ owners, ...channel }) => ({ ...channel, owners: owners?.map(people.nameOf) })),
      subscriptions,
      pings,
      ownerOf: (job) => people.behind(job)?.id,
      launchesUnderWay: launches.underWay,
      editUnderWay: edits.isUnderWay,
      sessionIn: (adapter, channel) => experiments.inChannel({ adapter, channel }).session.info().name,
      traits: made.traits,
      clock,
      timings: timings.notify,
    });
  const render = createRenderers({
    jobs,
    facts: runs.facts,
    ownerOf: (job) => people.behind(job),
    async analysisOf(job) {
      await runs.results.recorded(job);
      return runs.analyses.of(job);
    },
    queuesIn: ({ adapter, channel }) =>
      made.settings().channels.find((each) => each.adapter === adapter && each.id === channel)?.queues,
    sessionCard(name) {
      const known = experiments.inSession(name);
      return known && sessionCard(known.session.info(), known.session.spent());
    },
    proposalCard(id) {
      const proposal = proposals.get(id);
      return proposal && proposalCard(proposal, decidersOf(proposal));
    },
  });
  /** Who is asked to decide on a proposal: the owner of its job, where they may; else those of the settings who may. */
  function decidersOf({ job: key, command: name, options }: Proposal): { id: PersonId; name: string }[] {
    const job = key && jobs.get(key);
    const command = commandNamed(name, made.commands);
    const where = command ? queuesProposed(command, options, made.queues) : [];
    const mayDecide = (person: Person) =>
      rightsAnywhere(personOn(person, where)).some(({ role }) => allows(role, 'operator'));
    const owner = job && people.behind(job);
    const known = owner && people.byId(owner.id);
    if (owner && known && mayDecide(known)) return [owner];
    return settings()
      .people.filter((each) => mayDecide(personOf(each)))
      .slice(0, DECIDERS_MAX);
  }

  const reminders =
    given.reminders ??
    createReminders({
      store: stores.unseen,
      jobs,
      causeOf: runs.causes.text,
      canRetry: runs.facts.canRetry,
      ownerOf: (job) => people.behind(job),
      aboutJob: notifier.aboutJob,
      pings,
      afterMs: () => settings().remindAfterMs,
      clock,
      log,
    });
  const elsewhere = createElsewhere({
    outbox,
    adapters: new Map([...made.traits].filter(([name]) => config.adapters.get(name)?.settings != null)),
    personBy: (adapter, account) =>
      made.traits.get(adapter)?.isOwn ? people.byId(account) : people.byAccount(adapter, account),
    accountOf: (person, adapter) => people.accountOf(person, adapter),
  });
  const absence =
    given.absence ??
    createAbsence({
      kept: createKeptValues(made.db, OWN),
      replacedUntil: stores.recovered.last()?.until,
      channels: () => notifier.channels(),
      announce: (key, message, only) => notifier.announce(key, message, LANES.awaited, only),
      clock,
      timings: timings.absence,
    });
  return {
    notifier,
    pings,
    reminders,
    absence,
    tellAdmins(key, message) {
      for (const { id } of settings().people.filter(({ role }) => role === 'admin')) {
        const place = elsewhere.placeOf(id);
        if (place) notifier.tellOne(key, place.adapter, place.channel, message);
      }
    },
    deliverer: createDeliverer({
      outbox,
      adapters: new Map(
        adapters.map((adapter) => [adapter.name, forItsReaders(adapter, { ...made, pings })]),
      ),
      render,
      channels: notifier.channels,
      elsewhere,
      onLost: absence.lost,
      onThrough: absence.reached,
      onBack: notifier.foldWaiting,
      clock,
      log,
      timings: timings.delivery,
    }),
    tellBySession: createBySession({ notifier, experiments }),
    ...given,
  };
}

/** An adapter whose messages are as its readers are given them. */
function forItsReaders(
  adapter: Adapter,
  { typing, mask, pings }: Pick<Base, 'typing' | 'mask'> & { pings: Pings },
): Adapter {
  const { name } = adapter;
  const shown = (message: Message) => {
    const pinging = withPings(message, (person, ping) => pings.mayPing(person, ping, name));
    return forReaders(pinging, typing, name, mask);
  };
  return {
    ...adapter,
    post: (target, message, key) => adapter.post(target, shown(message), key),
    update: (ref, message, context) => adapter.update(ref, shown(message), context),
    openThread: (ref, title) => adapter.openThread(ref, legibleLine(mask(title))),
  };
}
