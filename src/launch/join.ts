import { errorText } from '../core/errors.ts';
import { expectedOf, withExpected } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { LaunchService } from '../core/services/launches.ts';
import type { Clock } from '../core/time.ts';
import type { JobStore } from '../store/jobs.ts';
import type { Launch, LaunchStore } from '../store/launches.ts';
import { isSameLaunch } from './changes.ts';

/** What became of a job. */
export interface Joined {
  experimentId: string | undefined;
  /** What could not be written of it; a sentence. */
  trouble: string | undefined;
}

/** Assigns a launch's owner, experiment and texts to its job. Never throws. */
export type Join = (
  launch: Launch,
  key: JobKey,
  runDir: string | null,
  command: string | undefined,
) => Joined;

/** What launches read and write of the session that they are in. */
export type LaunchedInto = Pick<ExperimentsService, 'session' | 'rows' | 'editor' | 'plans' | 'notes'>;

export function createJoin(deps: {
  launches: LaunchStore;
  jobs: Pick<JobStore, 'get' | 'setOwnerPerson'>;
  experimentsOf(session: number | null): LaunchedInto;
  changes: LaunchService['changes'];
  nameOf(person: string): string;
  clock: Clock;
  log: Log;
}): Join {
  const { launches, jobs, clock, log } = deps;

  /** The job's row is in the launch's session, under its name. `folderOwner`: what its owner was taken for so far. */
  function giveRow(
    launch: Launch,
    key: JobKey,
    command: string | undefined,
    folderOwner: string | null,
  ): void {
    const experiments = deps.experimentsOf(launch.session);
    if (launch.experimentId !== null) experiments.plans.join(launch.experimentId, key);
    experiments.editor.takeJob(key);
    const row = experiments.rows.ofJob(key);
    if (!row) return;
    const isNobodys = row.owner === '' || row.owner === folderOwner;
    experiments.editor.editOfJob(key, {
      ...(command === undefined ? {} : { command }),
      ...(isNobodys ? { owner: deps.nameOf(launch.personId) } : {}),
    });
  }

  /** What was given with the launch; what stood there before is kept in the notes. */
  function giveWords({ session, hypothesis, expected, personId }: Launch, key: JobKey): void {
    const experiments = deps.experimentsOf(session);
    const row = experiments.rows.ofJob(key);
    if (!row) return;
    const keep = (what: string, before: string, now: string) => {
      if (before === '' || before === now) return;
      const text = `${what} before: ${before}`;
      experiments.notes.add(key, { author: deps.nameOf(personId), person: personId, text, at: clock() });
    };
    if (hypothesis !== null) {
      keep('hypothesis', row.hypothesis, hypothesis);
      experiments.editor.editOfJob(key, { hypothesis });
    }
    if (expected !== null) {
      keep('expected', expectedOf(row), expected);
      const notes = experiments.notes.textOf(row.experiment_id);
      experiments.editor.editOfJob(key, { notes: withExpected(notes, expected) });
    }
  }

  /** What a plan said it changes is rewritten if it was launched with other settings; other text there is a person's. */
  function describe(launch: Launch, key: JobKey): void {
    const experiments = deps.experimentsOf(launch.session);
    const row = experiments.rows.ofJob(key);
    const plan = row && experiments.plans.of(row.experiment_id);
    if (!row || !plan || row.change_summary !== (plan.changes ?? '')) return;
    if (isSameLaunch(plan.assignments, launch.assignments) && launch.parent === null) return;
    const parent = experiments.rows.jobOf(row.parent_experiment_id);
    experiments.editor.editOfJob(key, { change_summary: deps.changes(parent, launch.assignments) });
  }

  return (launch, key, runDir, command) => {
    const troubles: string[] = [];
    const attempt = (what: string, write: () => void) => {
      try {
        launches.transaction(write);
      } catch (error) {
        log.error({ err: error, job: key.jobId }, `${what} of a launched job could not be written`);
        troubles.push(`${what} could not be written: ${errorText(error)}`);
      }
    };
    const folderOwner = jobs.get(key)?.owner ?? null;
    attempt('its owner', () => {
      launches.queued(launch.id, key, runDir);
      jobs.setOwnerPerson(key, launch.personId);
    });
    attempt('its experiment', () => giveRow(launch, key, command, folderOwner));
    attempt('its hypothesis', () => giveWords(launch, key));
    const experiments = deps.experimentsOf(launch.session);
    const { parent } = launch;
    if (parent !== null)
      attempt('its parent', () => void experiments.editor.editOfJob(key, { parent_experiment_id: parent }));
    attempt('its changes', () => describe(launch, key));
    return {
      experimentId: experiments.rows.ofJob(key)?.experiment_id,
      trouble: troubles.length === 0 ? undefined : troubles.join(' '),
    };
  };
}
