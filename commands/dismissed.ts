import { mustBeAllowed } from '../src/core/allowed-action.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Action } from '../src/core/command-declaration.ts';
import { BotError } from '../src/core/errors.ts';
import type { Dismissed } from '../src/core/experiment.ts';
import { assignmentsText } from '../src/core/quoting.ts';
import type { DismissalsService } from '../src/core/services/dismissals.ts';

const ACTIONS = {
  list: { summary: 'which, by whom and why', takes: [], changes: false },
  undo: {
    summary: 'allow one again',
    takes: ['undo'],
    requires: ['undo'],
    changes: true,
    repeatable: true,
    role: 'operator',
  },
} as const satisfies Readonly<Record<string, Action>>;

export const dismissed = defineCommand({
  name: 'dismissed',
  aliases: ['suggest dismissed', 'putoff'],
  group: 'Experiments',
  summary: 'Dismissed suggestions, by whom and why; or undo one',
  examples: ['dismissed', 'dismissed undo=3'],
  options: {
    undo: {
      type: 'integer',
      min: 1,
      positional: false,
      description: 'the number of one to allow again',
    },
  },
  services: ['dismissals'],
  role: 'viewer',
  visibility: ({ undo }) => (undo === undefined ? 'private' : 'public'),
  changes: true,
  actions: ACTIONS,
  check: ({ undo }, { services: { dismissals } }) => void (undo !== undefined && mustFind(undo, dismissals)),
  async run({ undo }, { caller: { person }, services: { dismissals } }) {
    const all = dismissals.all();
    if (undo === undefined) return { undone: null, all };
    mustBeAllowed('dismissed', 'undo', ACTIONS.undo, person);
    const undone = mustFind(undo, dismissals);
    dismissals.restore(undo);
    return { undone, all: all.filter(({ id }) => id !== undo) };
  },
  view({ undone, all }) {
    const words = ({ preset, assignments }: (typeof all)[number]) =>
      `${preset} ${assignmentsText(assignments)}`.trim();
    if (undone)
      return {
        blocks: [{ kind: 'text', text: ['May be suggested again: ', { code: words(undone) }, '.'] }],
        tone: 'good',
      };
    if (all.length === 0)
      return { blocks: [{ kind: 'text', text: 'No suggestion has been dismissed in this session.' }] };
    return {
      blocks: [
        {
          kind: 'table',
          columns: ['number', 'dismissed', 'about', 'by', 'since'],
          rows: all.map((each) => [
            String(each.id),
            { code: words(each) },
            each.about.join(', ') || 'exactly this',
            each.by,
            each.reason,
          ]),
        },
      ],
    };
  },
});

function mustFind(number: number, dismissals: DismissalsService): Dismissed {
  const found = dismissals.all().find(({ id }) => id === number);
  if (found) return found;
  throw new BotError(
    'bad-option',
    `No dismissed suggestion has the number ${number}.`,
    '"dismissed" lists them.',
    'undo',
  );
}
