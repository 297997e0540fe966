import { tellAgentAct } from '../approvals/agent-acts.ts';
import { cutOffKillPost } from '../cards/kill-post.ts';
import { textMessage } from '../core/message.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { isEnding } from '../ingest/tracker.ts';
import { tellRecovered } from '../launch/recovered.ts';
import { lifeNow } from '../launch/waited-for.ts';
import { tellWatchNews, wasToldBefore } from '../notify/watch-news.ts';
import type { Context } from './context.ts';
import { takeIn, tellSettings } from './take-in.ts';

/** Who hears what. Events inside a transaction are marked in `events.ts`. */
export function subscribe(made: Context): void {
  const { events, log, clock, stores, experiments, runs, notify, starts, feed, services, chat } = made;
  const { on } = events;
  const { jobs, people } = stores;
  const ownerOf = (job: JobRecord) => people.behind(job);
  const { results, causes } = runs;
  const { notifier, deliverer } = notify;
  const { deferred, jobStarts, orphans } = starts;

  // What the queue says, inside the transaction that records it, and after it.
  on('jobsRecorded', (changed) => experiments.jobsChanged(changed));
  on('transitionsRecorded', ({ recorded, reading }) => notifier.transitions(recorded, reading));
  on('transitionsRecorded', ({ recorded }) => {
    for (const { job } of recorded) notifier.refreshSession(experiments.session.of(job).name);
  });
  on('transitionsRecorded', ({ recorded, reading }) => {
    if (!reading.isFirst) notify.reminders.ended(recorded);
  });
  on('transitionsRecorded', ({ recorded }) => deferred.take(recorded));
  on('transitionsRecorded', ({ recorded }) => starts.retries.take(recorded));
  on('jobsAdopted', (adopted) => {
    for (const job of adopted) notifier.refresh(job);
  });
  on('queueChanged', (change) => notifier.queueChanged(change));
  on('transitionsCommitted', (recorded) => jobStarts.countGpus(recorded));
  on('transitionsCommitted', (recorded) => orphans.jobsCame(recorded));
  on('transitionsCommitted', (recorded) => {
    for (const { job } of recorded.filter(isEnding)) {
      void results.record(job);
      void causes.text(job);
      chat.questions.jobEnded(job);
    }
  });

  on('transitionsCommitted', () => {
    // A single command leaves what is due to the next bot.
    if (made.adapters.length > 0) starts.due.look();
  });

  // What waits for a job stands on the card of the life that it has now, and on the boards.
  on('waitingChanged', (job) => {
    notifier.refresh(lifeNow(job, jobs));
    notifier.board();
  });
  on('launchTakenBack', ({ launch, by }) => starts.due.takenBack(launch, by));

  // Jobs that begin, and launches from chat.
  on('jobsBegan', (begun) => jobStarts.describeChanges(begun, 'start'));
  on('transitionsCommitted', (recorded) => jobStarts.describeChanges(recorded.filter(isEnding), 'end'));
  on('jobsBegan', (begun) => jobStarts.askWhy(begun));
  on('launchAnswered', (job) => results.joined(job));
  on('launchAnswered', (job) => notifier.launchAnswered(job));
  on('launchAnswered', (job) => starts.due.answered(job));
  on('launchEnded', () => notifier.launchEnded());
  on('launchEnded', () => deferred.launchEnded());
  on('launchRecovered', (launch) =>
    tellRecovered(launch, { notifier, jobOf: jobs.get, nameOf: people.nameOf }),
  );
  on('launchRecovered', ({ job }) => job && events.emit('launchAnswered', job));

  // Changes of the queue that people asked for, and what is watched.
  on('editCertain', (job) => notifier.editEnded(job));
  on('killRecovered', ({ key, kill }) => notifier.aboutJob(key, kill.job, cutOffKillPost(kill)));
  on('watchNews', (told) => {
    if (!wasToldBefore(told.news, stores.recovered.last(), clock()))
      tellWatchNews(told, { notifier, jobs, ownerOf, now: clock() });
  });

  on('jobLooked', (job) => notify.reminders.looked(job));

  // Experiments and sessions.
  on('logNotice', (notice) => log.warn({ notice }, 'about the experiment log'));
  on('logNotice', (text) => notifier.announce(`log:${clock()}:${text}`, textMessage(text, 'warning')));
  on('experimentEdited', (job) => notifier.refresh(job));
  on('runsShown', (shown) => shown.forEach(notifier.refresh));
  on('sessionChanged', (session) => notifier.refreshSession(session));
  on('objectiveChanged', ({ session, before }) => results.recompute(session, before));

  // Settings that were changed.
  on('settingsNews', (news) => news.kind === 'taken' && takeIn(news.before, made));
  on('settingsNews', (news) => tellSettings(news, made));

  // Agents, whoever waits, and delivery.
  on('transitionsCommitted', () => feed.waiting.wake());
  on('proposalsSettled', () => feed.waiting.wake());
  // Who is woken looks at the database a turn later: after the transaction.
  on('watchNews', () => feed.waiting.wake());
  on('agentActed', (act) => tellAgentAct(act, notifier));
  /** What the start tells. */
  let rolesTold = services.roles();
  on('adapterOpen', () => {
    // Who can come into its channels is known only now.
    const roles = services.roles();
    if (roles !== rolesTold) log.info({ roles }, 'who may do what');
    rolesTold = roles;
  });
  on('adapterDown', notify.absence.lost);
  on('adapterOpen', notify.absence.reached);
  on('adapterOpen', ({ adapter }) => notifier.foldWaiting(adapter));
  on('adapterOpen', ({ adapter }) => deliverer.resume(adapter));
  on('outboxPending', () => deliverer.kick());
}
