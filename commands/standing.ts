import { expectedOf, type SessionInfo } from '../src/core/experiment.ts';
import type { Job } from '../src/core/job.ts';
import type { Services } from '../src/core/services/context.ts';
import { settingField } from '../src/core/setting-fields.ts';
import { hasVerdict } from '../src/core/verdict.ts';
import { experimentMeant } from './experiment-meant.ts';

/** What stands where a form would change it, by field. */
type Standing = Readonly<Record<string, string>>;

/** What was planned of an experiment that is to be queued; of the settings those of the preset that is chosen. */
export function plannedLaunch(
  experiment: string | undefined,
  preset: string | undefined,
  services: Pick<Services, 'rows' | 'plans' | 'sessions'>,
): Standing {
  if (!experiment) return {};
  const { experiments, row } = experimentMeant(experiment, services);
  const plan = experiments.plans.of(row.experiment_id);
  const settings = plan && (!preset || preset === plan.preset) ? Object.entries(plan.assignments) : [];
  return {
    preset: plan?.preset ?? '',
    ...Object.fromEntries(settings.map(([key, value]) => [settingField(key), value])),
    hypothesis: row.hypothesis,
    expected: expectedOf(row) || plan?.expected || '',
    parent: row.parent_experiment_id,
  };
}

/** What somebody said that a run has shown, and what is to be done next. */
export function givenVerdict(
  job: Job | undefined,
  { rows, verdicts }: Pick<Services, 'rows' | 'verdicts'>,
): Standing {
  if (!job) return {};
  const said = verdicts.of(job) ?? '';
  const [, verdict = '', result = ''] = hasVerdict(said) ? (/^(\w+):?\s*(.*)$/s.exec(said) ?? []) : [];
  return {
    verdict: verdict.toLowerCase(),
    result: verdict === '' ? said : result,
    next: rows.ofJob(job)?.next_action ?? '',
  };
}

/** The columns of a row that people write. */
export function writtenRow(
  experiment: string | undefined,
  services: Pick<Services, 'rows' | 'sessions' | 'notes' | 'nameOf'>,
): Standing {
  if (!experiment) return {};
  const { experiments, row } = experimentMeant(experiment, services);
  return {
    hypothesis: row.hypothesis,
    changes: row.change_summary,
    result: experiments.rows.jobOf(row.experiment_id) ? '' : row.result_summary,
    next: row.next_action,
    notes: experiments.notes.textOf(row.experiment_id),
    owner: row.owner === '' ? '' : services.nameOf(row.owner),
    parent: row.parent_experiment_id,
  };
}

/** A session's objective, target, budget and owner. */
export function sessionSettings({ objective, target, budget, owner }: SessionInfo): Standing {
  return {
    metric: objective?.metric ?? '',
    mode: objective?.mode ?? '',
    take: objective?.take ?? '',
    points: numberText(objective?.points),
    target: numberText(target),
    runs: numberText(budget.runs),
    hours: numberText(budget.hours),
    until: budget.until === undefined ? '' : new Date(budget.until).toISOString(),
    owner,
  };
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
