import { clip } from '../src/core/clip.ts';
import type { Action as ActionDeclaration } from '../src/core/command-declaration.ts';
import { BotError } from '../src/core/errors.ts';
import { nearest } from '../src/core/nearest.ts';
import type { Services } from '../src/core/services/context.ts';
import { experimentMeant } from './experiment-meant.ts';

export const ACTIONS = {
  list: {
    summary: 'those that match, newest first',
    takes: ['status', 'search', 'tag', 'owner', 'parent', 'preset', 'task', 'limit', 'before'],
    changes: false,
    title: 'Experiments',
    submit: 'List experiments',
  },
  show: {
    summary: 'all columns of one',
    takes: ['experiment'],
    requires: ['experiment'],
    changes: false,
  },
  edit: {
    summary: 'its texts, parent, owner or tags',
    takes: [
      'experiment',
      'hypothesis',
      'changes',
      'result',
      'next',
      'notes',
      'note',
      'tag',
      'untag',
      'owner',
      'parent',
    ],
    requires: ['experiment'],
    changes: true,
    role: 'operator',
    submit: 'Save experiment',
  },
  supersede: {
    summary: 'another takes its place, or none',
    takes: ['experiment', 'by'],
    requires: ['experiment'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
  restore: {
    summary: 'undo that',
    takes: ['experiment'],
    requires: ['experiment'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
} as const satisfies Readonly<Record<string, ActionDeclaration>>;

export type Action = keyof typeof ACTIONS;

/** The options that an action takes besides its experiment. */
export function takesBeside(action: Action): string[] {
  return ACTIONS[action].takes.filter((option) => option !== 'experiment');
}

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
    const [close] = nearest(reference.slice(0, 60), Object.keys(ACTIONS), 1);
    throw new BotError(
      'bad-option',
      `"${clip(reference, 60)}" is neither an action of experiment nor an experiment.`,
      `Did you mean "experiment ${close}"? The actions are: ${Object.keys(ACTIONS).join(', ')}.`,
      'action',
    );
  }
}

/** An option that does not belong to the action is an error, not ignored. */
export function refuseOthers(action: Action, options: Readonly<Record<string, unknown>>): void {
  const known: readonly string[] = ['action', ...ACTIONS[action].takes];
  const stray = Object.keys(options).find((name) => options[name] !== undefined && !known.includes(name));
  if (stray === undefined) return;
  const where = (Object.keys(ACTIONS) as Action[]).filter((each) => takesBeside(each).includes(stray));
  const elsewhere = where.length === 0 ? '' : `${stray} is for ${where.join(' and ')}. `;
  const takes = takesBeside(action).join(', ') || 'nothing else';
  throw new BotError(
    'bad-option',
    stray === 'experiment'
      ? `list takes no experiment, but was given "${clip(String(options[stray]), 60)}".`
      : `${action} does not take ${stray}.`,
    `${elsewhere}${action} takes: ${takes}.`,
    stray,
  );
}
