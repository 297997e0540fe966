import { mustBeAllowed } from '../src/core/allowed-action.ts';
import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { SessionInfo, Spent } from '../src/core/experiment.ts';
import type { Block, Text } from '../src/core/message.ts';
import { allows } from '../src/core/person.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import type { KnownSession } from '../src/core/services/sessions.ts';
import { ACTIONS } from './session-actions.ts';
import { facts, heading, listMessage } from './session-message.ts';
import { type GivenSettings, settingsFrom } from './session-settings.ts';
import { sessionSettings } from './standing.ts';

type SessionData =
  | { action: 'show'; session: SessionInfo; spent: Spent | null; canChange: boolean }
  | { action: 'list'; sessions: KnownSession[] }
  | {
      action: 'new' | 'use' | 'change' | 'close';
      session: SessionInfo;
      here: boolean;
      /** A target that belonged to the previous objective. */
      dropped?: number | undefined;
    };

export const session = defineCommand({
  name: 'session',
  group: 'Experiments',
  summary: 'Experiment sessions: objective, target and budget, and which one is current',
  examples: [
    'session',
    'session new lr-study metric=value/loss mode=min target=0.05 runs=20 hours=48',
    'session use lr-study here=true',
    'session change target=0.04',
    'session list',
    'session close old-study',
  ],
  options: {
    action: {
      type: 'choice',
      choices: ['show', 'new', 'use', 'change', 'list', 'close'],
      settled: true,
      description:
        'show (default), list or close; new creates one and switches to it; use switches; change edits',
    },
    name: {
      type: 'text',
      settled: true,
      maxLength: 255,
      description: 'which session (default: the current one, of a new one the time)',
    },
    metric: {
      type: 'tag',
      positional: false,
      description: 'new, change: the metric to optimize, e.g. value/loss',
    },
    mode: {
      type: 'choice',
      label: 'Better is',
      choices: ['min', 'max'],
      positional: false,
      description: 'new, change: whether lower (min) or higher (max) is better',
    },
    take: {
      type: 'choice',
      choices: ['last', 'best', 'mean'],
      positional: false,
      folded: true,
      description:
        'new, change: which value of a run counts: the last (default), the best, or the mean of the last points',
    },
    points: {
      type: 'integer',
      min: 1,
      max: 100_000,
      positional: false,
      folded: true,
      description: 'new, change: for take=mean, how many of the last points (default 10)',
    },
    target: {
      type: 'text',
      clearable: true,
      maxLength: 30,
      positional: false,
      description: 'new, change: the metric value at which the session is done, or none',
    },
    runs: {
      type: 'text',
      clearable: true,
      maxLength: 30,
      positional: false,
      description: 'new, change: the budget in runs, or none',
    },
    hours: {
      type: 'text',
      label: 'GPU hours',
      clearable: true,
      maxLength: 30,
      positional: false,
      description: "new, change: the budget in GPU hours (run hours times the queue's GPUs), or none",
    },
    until: {
      type: 'text',
      label: 'Until (UTC)',
      clearable: true,
      maxLength: 30,
      positional: false,
      folded: true,
      description: 'new, change: when the budget ends, a date or time in UTC, e.g. 2026-12-24, or none',
    },
    owner: {
      type: 'text',
      maxLength: 100,
      positional: false,
      folded: true,
      description: 'new, change: who owns it (default: whoever creates it)',
    },
    here: {
      type: 'boolean',
      folded: true,
      label: 'For this channel only',
      ofChannel: true,
      description: 'new, use: for this channel only; "use" with here=true and no name ends that',
    },
  },
  services: ['session', 'now', 'sessions'],
  role: 'viewer',
  visibility: ({ action = 'show' }) => (action === 'show' || action === 'list' ? 'private' : 'public'),
  changes: true,
  working: 'Reading the experiment log',
  actions: ACTIONS,
  standing: (_job, { session, sessions }, { action, name }) => {
    if (action !== 'change') return {};
    const current = session.info();
    const meant = name ? sessions.all().find((each) => each.name === name) : current;
    return meant ? sessionSettings(meant) : {};
  },
  check: (options, { caller, services }) => void prepared(options, caller, services),
  async run(options, { caller, reply, services }): Promise<SessionData> {
    const { action = 'show', name } = options;
    const { sessions } = services;
    if (action === 'list') return { action, sessions: sessions.all() };
    if (action === 'show') {
      const canChange = allows(caller.person.role, ACTIONS.change.role);
      const shown = services.session.info();
      if (name !== undefined && name !== shown.name) {
        const other = sessions.all().find((each) => each.name === name);
        if (!other) throw unknown(name);
        return { action, session: other, spent: sessions.spent(name), canChange };
      }
      return { action, session: shown, spent: services.session.spent(), canChange };
    }
    mustBeAllowed('session', action, ACTIONS[action], caller.person);
    reply.howFar(sessions.howFar);
    return prepared(options, caller, services)();
  },
  view(data) {
    switch (data.action) {
      case 'list':
        return listMessage(data.sessions);
      case 'show':
        return {
          blocks: [
            heading(data.session),
            ...facts(data.session, data.spent),
            ...(data.canChange ? changeButton(data.session) : []),
          ],
        };
      default: {
        const words = {
          new: data.here ? 'New session, in this channel' : 'New session',
          use: data.here ? 'Now in use in this channel' : 'Now in use',
          change: 'Changed',
          close: 'Closed; its rows and folder stay',
        }[data.action];
        const first: Text = [{ bold: words }, ': ', { code: data.session.name }];
        const dropped: Block[] =
          data.dropped === undefined
            ? []
            : [
                {
                  kind: 'text',
                  text: `The target ${data.dropped} belonged to the old objective and was dropped. Set a new one with target=….`,
                },
              ];
        return {
          blocks: [{ kind: 'text', text: first }, ...dropped, ...facts(data.session, null)],
          tone: 'good',
        };
      }
    }
  },
});

/** What is closed, or only stands in its folder, is not changed. */
function changeButton({ id, name, closedAt }: SessionInfo): Block[] {
  if (id === 0 || closedAt !== null) return [];
  const options = { action: 'change', name };
  return [{ kind: 'buttons', buttons: [{ label: 'Change', command: 'session', options, form: true }] }];
}

interface Given extends GivenSettings {
  action?: SessionData['action'] | undefined;
  name?: string | undefined;
  here?: boolean | undefined;
}

/** Checks a change; calling the returned function makes it. */
function prepared(
  options: Given,
  { person, adapter, channel }: Caller,
  { sessions, session: current, now }: Pick<Services, 'sessions' | 'session' | 'now'>,
): () => SessionData | Promise<SessionData> {
  const { action = 'show', name, here = false } = options;
  const where = here ? { adapter, channel } : null;
  switch (action) {
    case 'new': {
      const given = settingsFrom(options, { objective: null, budget: {}, target: null }, now());
      const made = { owner: person.name, ...given };
      if (name !== undefined) sessions.mustBeNew(name);
      return async () => ({ action, session: await sessions.create(name, made, where), here });
    }
    case 'use': {
      if (name === undefined && where)
        return async () => ({ action, session: await sessions.leave(where), here: false });
      if (name === undefined) throw missingName('use');
      sessions.mustBeKnown(name);
      return async () => ({ action, session: await sessions.use(name, where), here });
    }
    case 'change': {
      const wanted = name ?? current.info().name;
      sessions.mustBeKnown(wanted);
      const before = sessions.all().find((each) => each.name === wanted) ?? current.info();
      const settings = settingsFrom(options, before, now());
      if (Object.keys(settings).length === 0)
        throw new BotError(
          'bad-option',
          'What should be changed?',
          'For example "session change target=0.04".',
        );
      return () => {
        const session = sessions.change(wanted, settings);
        const isDropped = options.target === undefined && before.target !== null && session.target === null;
        return { action, session, here: false, dropped: isDropped ? before.target! : undefined };
      };
    }
    case 'close': {
      if (name === undefined) throw missingName('close');
      sessions.mustBeClosable(name);
      return () => ({ action, session: sessions.close(name), here: false });
    }
    default:
      throw new Error(`${action} is no change`);
  }
}

function unknown(name: string): BotError {
  return new BotError('unknown-session', `There is no session "${name}".`, '"session list" shows them.');
}

function missingName(action: string): BotError {
  return new BotError(
    'bad-option',
    `Which session should be ${action}d?`,
    '"session list" shows them.',
    'name',
  );
}
