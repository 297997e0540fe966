import { mustBeAllowed } from '../src/core/allowed-action.ts';
import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { expectedOf, STATUSES } from '../src/core/experiment.ts';
import { allows } from '../src/core/person.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import { inSlices } from '../src/core/slices.ts';
import { ACTIONS, actionOf, refuseOthers } from './experiment-action.ts';
import { type Edit, edited } from './experiment-edit.ts';
import { filteredRows, type ListFilter } from './experiment-list.ts';
import { experimentMeant, type Meant } from './experiment-meant.ts';
import { type ExperimentData, listMessage, showMessage } from './experiment-message.ts';
import { restore, supersede } from './experiment-supersede.ts';
import { writtenRow } from './standing.ts';

const LISTED = 20;
const LISTED_MAX = 200;

export const experiment = defineCommand({
  name: 'experiment',
  group: 'Experiments',
  summary: 'Experiments: list, search, show, edit, supersede',
  examples: [
    'experiment list status=planned',
    'experiment list search="warm up" tag=lr limit=50',
    "experiment list '#lr'",
    'experiment show lr-003',
    'experiment edit lr-003 next="try a warm-up" parent=job-0000006',
    'experiment edit lr-003 tag=lr note="see the spikes" parent=none',
    'experiment supersede lr-003 by=lr-004',
    'experiment restore lr-003',
  ],
  options: {
    action: {
      type: 'choice',
      choices: ['list', 'show', 'edit', 'supersede', 'restore'],
      settled: true,
      description: 'list (default), show, edit, supersede, or restore a superseded one',
    },
    experiment: {
      type: 'experiment',
      settled: true,
      shapes: true,
      description: 'which experiment, by its id or job',
    },
    status: { type: 'choice', choices: STATUSES, positional: false, description: 'for list: only these' },
    search: { type: 'text', maxLength: 200, positional: false, description: 'for list: text to search for' },
    tag: {
      type: 'text',
      maxLength: 60,
      positional: false,
      folded: true,
      sign: '#',
      description: 'for list: only those with this #tag; for edit: a #tag to add to the notes',
    },
    untag: {
      type: 'text',
      maxLength: 60,
      positional: false,
      folded: true,
      description: 'for edit: a #tag to remove',
    },
    preset: {
      type: 'preset',
      positional: false,
      folded: true,
      description: 'for list: launched or planned from this preset',
    },
    task: {
      type: 'text',
      maxLength: 200,
      positional: false,
      folded: true,
      description: 'for list: part of the task key',
    },
    limit: {
      type: 'integer',
      min: 1,
      max: LISTED_MAX,
      positional: false,
      folded: true,
      description: `for list: how many (default ${LISTED})`,
    },
    before: {
      type: 'experiment',
      positional: false,
      folded: true,
      description: 'for list: those older than this one',
    },
    hypothesis: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit: the hypothesis',
    },
    changes: {
      type: 'text',
      positional: false,
      folded: true,
      multiline: true,
      clearable: true,
      description: 'for edit: what it changes',
    },
    result: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit: the result of what has no job, verdict first, e.g. "confirmed: smoother"',
    },
    next: {
      type: 'text',
      positional: false,
      multiline: true,
      clearable: true,
      description: 'for edit: what to do next',
    },
    note: {
      type: 'text',
      positional: false,
      multiline: true,
      label: 'Add a note',
      description: 'for edit: a note to add',
    },
    notes: {
      type: 'text',
      positional: false,
      folded: true,
      multiline: true,
      clearable: true,
      description: 'for edit: replace the notes (what was expected stays)',
    },
    owner: {
      type: 'text',
      maxLength: 100,
      positional: false,
      folded: true,
      clearable: true,
      description: 'who owns it',
    },
    parent: {
      type: 'experiment',
      positional: false,
      folded: true,
      clearable: true,
      description: 'the experiment it follows; for edit: "none" clears this and any text',
    },
    by: { type: 'experiment', positional: false, description: 'for supersede: what takes its place' },
  },
  services: [
    'session',
    'rows',
    'editor',
    'plans',
    'notes',
    'now',
    'jobs',
    'sessions',
    'launches',
    'nameOf',
    'causes',
  ],
  role: 'viewer',
  visibility: ({ action = 'list' }) => (action === 'list' || action === 'show' ? 'private' : 'public'),
  changes: true,
  actions: ACTIONS,
  standing: (_job, services, { action, experiment }) =>
    action === 'edit' ? writtenRow(experiment, services) : {},
  useless: (_job, services, { action, experiment }) =>
    action === 'edit' && hasJob(experiment, services) ? ['result'] : [],
  check(options, { caller, services }) {
    const action = actionOf(options.action, options.experiment, services);
    refuseOthers(action, options);
    if (action !== 'list' && action !== 'show')
      prepared(action, options, meantFor(action, options.experiment, services), caller, services);
  },
  async run(options, { caller, services }): Promise<ExperimentData> {
    const action = actionOf(options.action, options.experiment, services);
    refuseOthers(action, options);
    const { action: _, ...given } = options;
    if (action === 'list') return list(given, services);
    const meant = meantFor(action, options.experiment, services);
    if (action === 'show') return await show(meant, services, caller);
    mustBeAllowed('experiment', action, ACTIONS[action], caller.person);
    return prepared(action, options, meant, caller, services)();
  },
  view(data) {
    if (data.action === 'list') return listMessage(data);
    if (data.action === 'show') return showMessage(data);
    const what = {
      edit: `Edited ${data.changed.join(', ')} of`,
      supersede: 'Superseded',
      restore: `Back to ${data.row.status}:`,
    }[data.action];
    return {
      blocks: [
        {
          kind: 'text',
          text: [
            `${what} `,
            { code: data.row.experiment_id },
            `.${data.takenBack ? ' The launch that waited is taken back.' : ''}`,
          ],
        },
      ],
      tone: 'good',
    };
  },
});

/** Whether it is a job's, whose result is given as a verdict. */
function hasJob(reference: string | undefined, services: Pick<Services, 'rows' | 'sessions'>): boolean {
  if (!reference) return false;
  try {
    const { experiments, row } = experimentMeant(reference, services);
    return experiments.rows.jobOf(row.experiment_id) !== undefined;
  } catch (error) {
    if (error instanceof BotError) return false;
    throw error;
  }
}

/** Error `unknown-experiment`. */
function meantFor<S extends Pick<Services, 'rows' | 'sessions'>>(
  action: keyof typeof VERBS,
  reference: string | undefined,
  services: S,
) {
  if (reference !== undefined) return experimentMeant(reference, services);
  throw new BotError(
    'unknown-experiment',
    `Which experiment should be ${VERBS[action]}?`,
    '"experiment list" shows them.',
    'experiment',
  );
}

/** Checks a change; calling the returned function makes it. */
function prepared(
  action: 'edit' | 'supersede' | 'restore',
  options: Edit & { by?: string | undefined },
  meant: Meant<'rows' | 'editor' | 'notes' | 'session'>,
  caller: Caller,
  services: Pick<Services, 'jobs' | 'now' | 'nameOf' | 'launches'>,
): () => ExperimentData {
  if (action === 'supersede') return supersede(meant, options.by, caller.doer, services);
  if (action === 'restore') return restore(meant, services);
  const edit = edited(options, meant, caller, services);
  return () => ({ action, ...edit() });
}

const VERBS = { show: 'shown', edit: 'edited', supersede: 'superseded', restore: 'restored' } as const;

async function list(
  { limit = LISTED, ...filter }: ListFilter & { limit?: number | undefined },
  services: Pick<Services, 'rows' | 'plans' | 'launches' | 'nameOf' | 'causes'>,
): Promise<ExperimentData> {
  const { found, rows } = await inSlices(filteredRows(filter, limit, services));
  const results = await services.causes.results(rows, services);
  return { action: 'list', found, rows, results, filter };
}

async function show(
  { experiments, row }: Meant<'rows' | 'plans' | 'session'>,
  { launches, nameOf, causes }: Pick<Services, 'launches' | 'nameOf' | 'causes'>,
  { person }: Pick<Caller, 'person'>,
): Promise<ExperimentData> {
  const plan = experiments.plans.of(row.experiment_id);
  const job = experiments.rows.jobOf(row.experiment_id);
  return {
    action: 'show',
    session: experiments.session.info().name,
    row: { ...row, owner: nameOf(row.owner) },
    preset: (job && launches.origin(job)?.preset) ?? plan?.preset ?? null,
    expected: expectedOf(row) || plan?.expected || '',
    result: (await causes.results([row], experiments))[0] ?? '',
    canEdit: allows(person.role, ACTIONS.edit.role),
  };
}
