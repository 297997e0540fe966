import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { experimentKeyText, parseExperimentKey } from '../core/experiment.ts';
import { jobIdMeant } from '../core/job.ts';
import { nearest } from '../core/nearest.ts';
import type { StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { Session } from '../store/sessions.ts';

/** Words that people use for a job, or for none. */
const RESERVED: ReadonlySet<string> = new Set(['last', 'running', 'none']);
/** How many experiments a wrong name is compared with. */
const CANDIDATES = 500;
/** How many ids of a line of parents are named. */
const CHAIN_SHOWN = 6;

const EXPERIMENT_NAME = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** What people call experiments, in one session: which one is meant, whose parent it may be, and what a new one may be called. */
export function createReferences({
  session,
  store,
  othersWith,
}: {
  session: Pick<Session, 'id' | 'name'>;
  store: Pick<ExperimentStore, 'row' | 'ofJobId' | 'newestIds' | 'parentOf'>;
  /** The names of other sessions that have an experiment of this id. */
  othersWith(experimentId: string): string[];
}) {
  function find(experimentId: string): StoredRow | undefined {
    const row = store.row(session, experimentId);
    return row && !row.replaced ? row : undefined;
  }

  /** The row that a reference means; undefined if there is none. Error `other-session`. */
  function meant(reference: string): StoredRow | undefined {
    const key = parseExperimentKey(reference);
    const own = key?.session === session.name ? find(key.experimentId) : undefined;
    const found = own ?? find(reference);
    if (found) return found;
    if (key && othersWith(key.experimentId).includes(key.session))
      throw new BotError(
        'other-session',
        `${key.experimentId} is an experiment of the session ${key.session}, but this is ${session.name}.`,
        'Nothing was changed.',
      );
    const jobId = jobIdMeant(reference);
    return jobId === undefined ? undefined : store.ofJobId(session, jobId);
  }

  function unknown(reference: string): BotError {
    const [other] = othersWith(reference);
    if (other !== undefined)
      return new BotError(
        'unknown-experiment',
        `There is no experiment "${clip(reference, 60)}" in the session ${session.name}.`,
        `The session ${other} has one: ${experimentKeyText(other, reference)}.`,
        'experiment',
      );
    const close = nearest(reference.slice(0, 60), store.newestIds(session, CANDIDATES), 3);
    return new BotError(
      'unknown-experiment',
      `There is no experiment "${clip(reference, 60)}".`,
      close.length === 0
        ? 'Plan one with "plan".'
        : `Nearest: ${close.join(', ')}. "experiment list" shows all.`,
      'experiment',
    );
  }

  function mustFind(experimentId: string): StoredRow {
    const row = find(experimentId);
    if (row) return row;
    throw unknown(experimentId);
  }

  /** The parent's id: it is known, and following parents from it does not lead to the experiment (null: a new one). */
  function checkedParent(experimentId: string | null, reference: string): string {
    const parent = meant(reference)?.fields.experiment_id;
    if (parent === undefined) {
      const { message, hint } = unknown(reference);
      throw new BotError('unknown-parent', message, hint, 'parent');
    }
    if (experimentId === null) return parent;
    const line = new Set<string>();
    let at: string | undefined = parent;
    while (at !== undefined && at !== experimentId && !line.has(at)) {
      line.add(at);
      at = store.parentOf(session, at);
    }
    if (at !== experimentId) return parent;
    throw new BotError(
      'parent-loop',
      parent === experimentId
        ? `${parent} cannot be its own parent.`
        : `${parent} cannot be the parent: it follows ${experimentId} itself (${chainText([...line, experimentId])}).`,
      'Nothing was changed.',
      'parent',
    );
  }

  /** Refuses invalid names for a new experiment. Errors `experiment-name`, `experiment-exists`. */
  function checkName(name: string): void {
    if (!EXPERIMENT_NAME.test(name)) {
      throw new BotError(
        'experiment-name',
        `"${clip(name, 60)}" cannot name an experiment.`,
        'Use letters, digits, ".", "_" and "-", at most 100, without "..".',
        'name',
      );
    }
    if (jobIdMeant(name) !== undefined || RESERVED.has(name.toLowerCase()))
      throw new BotError(
        'experiment-name',
        `"${name}" cannot name an experiment: it names a job or is a reserved word.`,
        'Choose another name.',
        'name',
      );
    if (!store.row(session, name)) return;
    throw new BotError(
      'experiment-exists',
      `There is already an experiment ${name}.`,
      'Choose another name; ids are never reused.',
      'name',
    );
  }

  return {
    find,
    mustFind,
    checkedParent,
    checkName,

    /** The row that somebody means by its id, `session/id` or a job. Errors `unknown-experiment`, `other-session`. */
    named(reference: string): StoredRow {
      const row = meant(reference);
      if (row) return row;
      throw unknown(reference);
    },
  };
}

/** `a, b, c and 40 more, z`: a line of parents as one can read it. */
function chainText(ids: readonly string[]): string {
  if (ids.length <= CHAIN_SHOWN) return ids.join(', ');
  const shown = ids.slice(0, CHAIN_SHOWN - 2).join(', ');
  return `${shown} and ${ids.length - CHAIN_SHOWN + 1} more, ${ids.at(-1)}`;
}
