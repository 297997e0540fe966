import { clip } from '../src/core/clip.ts';
import { BotError } from '../src/core/errors.ts';
import { nearest } from '../src/core/nearest.ts';
import type { Services } from '../src/core/services/context.ts';
import { experimentMeant } from './experiment-meant.ts';

export type Action = 'list' | 'show' | 'edit' | 'supersede' | 'restore';

/** The options each action takes; all but list also take `experiment`. */
export const TAKES: Readonly<Record<Action, readonly string[]>> = {
  list: ['status', 'search', 'tag', 'owner', 'parent', 'preset', 'task', 'limit', 'before'],
  show: [],
  edit: ['hypothesis', 'changes', 'result', 'next', 'notes', 'note', 'tag', 'untag', 'owner', 'parent'],
  supersede: ['by'],
  restore: [],
};

/** The action, or show where only an experiment is named. Error `bad-option` for what is neither, with the nearest. */
export function actionOf(
  action: Action | undefined,
  reference: string | undefined,
  services: Pick<Services, 'rows' | 'sessions'>,
): Action {
  if (action !== undefined) return action;
  if (reference === undefined) return 'list';
  try {
    experimentMeant(reference, services);
    return 'show';
  } catch {
    const [close] = nearest(reference.slice(0, 60), Object.keys(TAKES), 1);
    throw new BotError(
      'bad-option',
      `"${clip(reference, 60)}" is neither an action of experiment nor an experiment.`,
      `Did you mean "experiment ${close}"? The actions are: ${Object.keys(TAKES).join(', ')}.`,
      'action',
    );
  }
}

/** An option that does not belong to the action is an error, not ignored. */
export function refuseOthers(action: Action, options: Readonly<Record<string, unknown>>): void {
  const known = ['action', ...(action === 'list' ? [] : ['experiment']), ...TAKES[action]];
  const stray = Object.keys(options).find((name) => options[name] !== undefined && !known.includes(name));
  if (stray === undefined) return;
  const where = (Object.keys(TAKES) as Action[]).filter((each) => TAKES[each].includes(stray));
  const elsewhere = where.length === 0 ? '' : `${stray} is for ${where.join(' and ')}. `;
  const takes = TAKES[action].length === 0 ? 'nothing else' : TAKES[action].join(', ');
  throw new BotError(
    'bad-option',
    stray === 'experiment'
      ? `list takes no experiment, but was given "${clip(String(options[stray]), 60)}".`
      : `${action} does not take ${stray}.`,
    `${elsewhere}${action} takes: ${takes}.`,
    stray,
  );
}
