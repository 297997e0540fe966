import { join } from 'node:path';
import type { Objective, SessionInfo, SessionSettings } from '../core/experiment.ts';
import type { Session } from '../store/sessions.ts';
import { LOG_NAME } from './session.ts';

/** A session's own settings over those of every session. A target of those is of the objective beside it, and of no other. */
export function sessionInfo(
  { id, name, folder, settings, createdAt, closedAt }: Session,
  ofEvery: SessionSettings,
  nameOf: (person: string) => string,
): SessionInfo {
  const { objective, budget, owner } = { ...ofEvery, ...present(settings) };
  const isTheirs = objective !== undefined && isSameGoal(objective, ofEvery.objective);
  const target = settings.target === undefined && isTheirs ? ofEvery.target : settings.target;
  return {
    id,
    name,
    folder,
    csvPath: join(folder, LOG_NAME),
    objective: objective ?? null,
    target: target ?? null,
    budget: budget ?? {},
    owner: nameOf(owner ?? ''),
    createdAt,
    closedAt,
  };
}

/** Whether two objectives are of the same tag and direction, so that a target of one is one of the other. */
function isSameGoal(a: Objective, b: Objective | undefined): boolean {
  return a.metric === b?.metric && a.mode === b.mode;
}

function present(settings: SessionSettings): SessionSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
