import type { Action } from '../src/core/command-declaration.ts';

/** The options of an objective and a budget. */
const SETTINGS = ['metric', 'mode', 'take', 'points', 'target', 'runs', 'hours', 'until', 'owner'];

/** What `session` does. */
export const ACTIONS = {
  show: {
    summary: 'objective, target, and what is left of the budget',
    takes: ['name'],
    changes: false,
  },
  list: {
    summary: 'all of them',
    takes: [],
    changes: false,
    title: 'Sessions',
    submit: 'List sessions',
  },
  new: {
    summary: 'create one and switch to it',
    takes: ['name', ...SETTINGS, 'here'],
    changes: true,
    role: 'operator',
    submit: 'Start session',
  },
  use: {
    summary: 'switch to another',
    takes: ['name', 'here'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
  change: {
    summary: 'edit its objective, target, budget or owner',
    takes: ['name', ...SETTINGS],
    changes: true,
    repeatable: true,
    role: 'operator',
    submit: 'Save session',
  },
  close: {
    summary: 'close it; its rows and folder stay',
    takes: ['name'],
    requires: ['name'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
} as const satisfies Readonly<Record<string, Action>>;
