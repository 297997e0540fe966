import { recoveredPost } from '../cards/recovered.ts';
import { createHeartbeat } from '../control/heartbeat.ts';
import { prepareToRun } from '../processes/run.ts';
import { LANES } from '../store/delivery.ts';
import type { Context } from './context.ts';
import type { Step } from './lifecycle.ts';
import { createRecovery } from './recovery.ts';
import { createTicker } from './ticker.ts';

/** The parts of a context, in the order in which they start; the last is stopped first. */
export function stepsOf(context: Context): Step[] {
  const { queues, log, timings, stores, adapters, ingest, experiments, runs, notify, control, starts } =
    context;
  const { notifier, deliverer, absence } = notify;
  const { gate, answers, approvals, records } = context.chat;
  const { partStopMs, stopWaitMs } = timings.app;
  /** A single command is no presence: it backs nothing up, and nobody watches after it. */
  const isBot = adapters.length > 0;
  const ticker = createTicker({
    everyMs: timings.app.tickMs,
    log,
    steps: {
      progress: () => {
        for (const queue of queues.all) {
          const snapshot = queue.snapshot();
          if (snapshot) notifier.progress(snapshot);
        }
      },
      watching: context.watch.lookout.look,
      reminders: notify.reminders.tick,
      approvals: approvals.expire,
      refusals: records.tick,
      'the database': context.condition.probe,
      pruning: stores.pruning.tick,
      ...(isBot ? { backup: control.backups.tick, presence: absence.there } : {}),
      'giving up': stores.outbox.giveUp,
      // A safety net: no delivery waits longer than this to be checked.
      delivery: deliverer.kick,
    },
  });

  const heartbeat = createHeartbeat({
    supervisor: context.config.supervisor,
    health: context.services.health,
    env: context.config.childEnv,
    log,
    timings: timings.heartbeat,
  });
  const recovery = createRecovery({
    queues,
    followed: ingest.following.followed,
    log,
    async recover(queue) {
      await starts.orphans.recover(queue, context.begunAt);
      for (const job of stores.edits.closeCutOff(queue, context.begunAt))
        context.events.emit('editCertain', job);
      context.adoption.start(queue);
      // A single command leaves a bot's unfinished work to the next bot.
      if (adapters.length === 0) return;
      control.kills.recover(queue);
      starts.due.look();
    },
  });

  return [
    ...(isBot ? [{ name: 'the starting of programs', start: prepareToRun }] : []),
    { name: 'the experiment log', start: experiments.start, stop: experiments.stop },
    ...adapters.map((adapter) => ({
      name: adapter.name,
      start: () => adapter.start(gate.handlers),
      stop: () => adapter.stop(),
    })),
    { name: 'delivery', start: deliverer.start, stop: deliverer.stop },
    { name: 'what was lost', start: () => tellRecovered(context) },
    ...(isBot ? [{ name: 'presence', start: absence.begin, stop: absence.end }] : []),
    { name: 'the queue', start: ingest.following.start, stop: ingest.following.stop },
    {
      name: 'TensorBoards',
      ...(isBot ? { start: () => runs.tensorboards.begin() } : {}),
      stop: () => runs.tensorboards.stop(),
    },
    { name: 'watching', stop: context.watch.lookout.settled },
    { name: 'launches', stop: starts.orphans.settled },
    {
      name: 'launches that were due',
      stop: () => starts.due.stop(partStopMs),
      stopWithinMs: 2 * partStopMs,
    },
    { name: 'adoption', stop: context.adoption.stop },
    { name: 'kills', stop: control.kills.stop },
    { name: 'recovery', start: recovery.start, stop: recovery.stop },
    { name: 'approvals', start: approvals.recover },
    { name: 'the board', start: () => notifier.board() },
    { name: 'backups', stop: control.backups.stop },
    { name: 'the ticker', start: ticker.start, stop: ticker.stop },
    ...(isBot ? [{ name: 'the heartbeat', start: heartbeat.start, stop: heartbeat.stop }] : []),
    {
      name: 'commands',
      // Nothing new begins from here on. Whoever only waits is answered at once; what is under way is finished, and said,
      // while all still works.
      async stop() {
        context.feed.waiting.stop();
        const left = await gate.close(stopWaitMs);
        await answers.handOver();
        records.stop();
        if (left > 0) log.warn({ left }, 'commands were still under way when xaxbot stopped');
      },
      stopWithinMs: stopWaitMs + partStopMs,
    },
  ];
}

/** How long after a recovery it may still have to be said, milliseconds. */
const TELL_WITHIN_MS = 24 * 3_600_000;

/** Says once that the database is not the one that it was. */
function tellRecovered({ stores, notify, clock, log }: Context): void {
  const recovered = stores.recovered.last();
  if (!recovered || recovered.at < clock() - TELL_WITHIN_MS) return;
  log.warn(recovered, 'the database was replaced');
  notify.notifier.announce(`recovered:${recovered.at}`, recoveredPost(recovered), LANES.awaited);
}
