import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { Objective, SessionInfo, SessionSettings, Spent } from '../src/core/experiment.ts';
import type { Block, Message, Text } from '../src/core/message.ts';
import { allows } from '../src/core/person.ts';
import type { KnownSession } from '../src/core/services.ts';
import { hoursText } from '../src/core/units.ts';

type SessionData =
  | { action: 'show'; session: SessionInfo; spent: Spent | null }
  | { action: 'list'; sessions: KnownSession[] }
  | { action: 'new' | 'use' | 'change' | 'close'; session: SessionInfo; here: boolean };

export const session = defineCommand({
  name: 'session',
  summary: 'What the experiments are after: objective, target and budget, and which session is in use',
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
      description: 'show (unless said), new, use, change, list or close',
    },
    name: {
      type: 'text',
      maxLength: 100,
      description: 'which session; for new made from the time unless said',
    },
    metric: { type: 'tag', positional: false, description: 'the tag of the objective' },
    mode: {
      type: 'choice',
      choices: ['min', 'max'],
      positional: false,
      description: 'which direction is better',
    },
    take: {
      type: 'choice',
      choices: ['last', 'best', 'mean'],
      positional: false,
      description:
        "which of a run's points is its value: the last (unless said), the best, the mean of the last",
    },
    points: {
      type: 'integer',
      min: 1,
      max: 100_000,
      positional: false,
      description: 'how many points mean is over',
    },
    target: { type: 'number', positional: false, description: 'a value at which the session is done' },
    runs: { type: 'integer', min: 1, positional: false, description: 'how many runs it may make' },
    hours: {
      type: 'number',
      min: 0,
      positional: false,
      description: 'how many GPU hours it may use: hours of its runs, times the GPUs that the queue holds',
    },
    until: {
      type: 'text',
      maxLength: 30,
      positional: false,
      description: 'a day or time, as 2026-12-24, UTC',
    },
    owner: { type: 'text', maxLength: 100, positional: false, description: 'whose study it is' },
    here: { type: 'boolean', description: 'only in this channel; for use without a name: no longer' },
  },
  role: 'viewer',
  visibility: ({ action = 'show' }) => (action === 'show' || action === 'list' ? 'private' : 'public'),
  changes: true,
  async run(options, context): Promise<SessionData> {
    const { action = 'show', name, here = false } = options;
    const { sessions, experiments, person, adapter, channel } = context;
    if (action === 'list') return { action, sessions: sessions.all() };
    if (action === 'show') {
      const shown = experiments.session();
      if (name !== undefined && name !== shown.name) {
        const other = sessions.all().find((each) => each.name === name);
        if (!other) throw unknown(name);
        return { action, session: other, spent: sessions.spent(name) };
      }
      return { action, session: shown, spent: experiments.spent() };
    }
    if (!allows(person.role, 'operator'))
      throw new BotError(
        'not-allowed',
        `"session ${action}" needs the role operator.`,
        'An admin can change that in xaxbot.yaml.',
      );
    const where = here ? { adapter, channel } : null;
    const now = experiments.session();
    const settings = settingsFrom(options, action === 'new' ? { objective: null, budget: {} } : now);
    if (action === 'new') {
      const made = { owner: person.name, ...settings };
      return { action, session: await sessions.create(name, made, where), here };
    }
    if (action === 'use') {
      if (name === undefined && where) return { action, session: await sessions.leave(where), here: false };
      if (name === undefined) throw missingName('use');
      return { action, session: await sessions.use(name, where), here };
    }
    if (action === 'change') {
      if (Object.keys(settings).length === 0)
        throw new BotError('bad-option', 'What should be changed?', 'As in "session change target=0.04".');
      return { action, session: sessions.change(name ?? experiments.session().name, settings), here: false };
    }
    if (name === undefined) throw missingName('close');
    return { action, session: sessions.close(name), here: false };
  },
  view(data) {
    switch (data.action) {
      case 'list':
        return listMessage(data.sessions);
      case 'show':
        return { blocks: [heading(data.session), ...facts(data.session, data.spent)] };
      default: {
        const words = {
          new: data.here ? 'New session, in this channel' : 'New session',
          use: data.here ? 'In this channel from now on' : 'In use from now on',
          change: 'Changed',
          close: 'Closed; its rows and its folder stay',
        }[data.action];
        const first: Text = [{ bold: words }, ': ', { code: data.session.name }];
        return { blocks: [{ kind: 'text', text: first }, ...facts(data.session, null)], tone: 'good' };
      }
    }
  },
});

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

interface Given {
  metric?: string | undefined;
  mode?: 'min' | 'max' | undefined;
  take?: Objective['take'];
  points?: number | undefined;
  target?: number | undefined;
  runs?: number | undefined;
  hours?: number | undefined;
  until?: string | undefined;
  owner?: string | undefined;
}

/** What was given, over what holds already. Error `bad-option` for half an objective. */
function settingsFrom(given: Given, now: Pick<SessionInfo, 'objective' | 'budget'>): SessionSettings {
  const { metric, mode, take, points, target, runs, hours, owner } = given;
  const settings: SessionSettings = {};
  if (metric !== undefined || mode !== undefined || take !== undefined || points !== undefined) {
    const known = metric === undefined || metric === now.objective?.metric ? now.objective : null;
    const whole = { ...known, ...present({ metric, mode, take, points }) };
    if (whole.metric === undefined || whole.mode === undefined)
      throw new BotError(
        'bad-option',
        `${whole.metric === undefined ? 'metric' : 'mode'} is missing: an objective has a metric and a direction.`,
        'As in "metric=value/loss mode=min".',
        whole.metric === undefined ? 'metric' : 'mode',
      );
    settings.objective = whole as Objective;
  }
  if (target !== undefined) settings.target = target;
  if (owner !== undefined) settings.owner = owner;
  const until = given.until === undefined ? undefined : instant(given.until);
  const budget = present({ runs, hours, until });
  if (Object.keys(budget).length > 0) settings.budget = { ...now.budget, ...budget };
  return settings;
}

function instant(text: string): number {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new BotError('bad-option', `until is "${text}".`, 'Give a day or a time, as 2026-12-24.', 'until');
}

function present<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function heading({ name, closedAt }: SessionInfo): Block {
  return { kind: 'text', text: [{ bold: name }, closedAt === null ? '' : ', closed'] };
}

function facts(session: SessionInfo, spent: Spent | null): Block[] {
  const { objective, target, budget, owner, csvPath } = session;
  const fields: { name: string; value: Text }[] = [];
  fields.push({ name: 'objective', value: objective ? objectiveText(objective) : 'none yet' });
  if (target !== null) fields.push({ name: 'target', value: String(target) });
  const of = (all: number | undefined) => (all === undefined ? '' : ` of ${all}`);
  if (spent) {
    fields.push({ name: 'runs', value: `${spent.runs}${of(budget.runs)}` });
    fields.push({ name: 'GPU hours', value: `${hoursText(spent.gpuHours)}${of(budget.hours)}` });
  } else {
    if (budget.runs !== undefined) fields.push({ name: 'runs', value: String(budget.runs) });
    if (budget.hours !== undefined) fields.push({ name: 'GPU hours', value: String(budget.hours) });
  }
  if (budget.until !== undefined)
    fields.push({ name: 'until', value: { time: budget.until, style: 'datetime' } });
  if (owner !== '') fields.push({ name: 'by', value: owner });
  fields.push({ name: 'log', value: { code: csvPath } });
  return [{ kind: 'fields', fields }];
}

function objectiveText({ metric, mode, take = 'last', points }: Objective): string {
  const how =
    take === 'last'
      ? 'its last value'
      : take === 'best'
        ? 'its best'
        : `the mean of its last ${points ?? 10}`;
  return `${metric}, ${mode === 'min' ? 'less' : 'more'} is better, by ${how}`;
}

function listMessage(sessions: readonly KnownSession[]): Message {
  const rows = sessions.map(({ name, experiments, objective, isCurrent, channels, closedAt }): Text[] => [
    { code: name },
    experiments === null ? 'on disk' : String(experiments),
    objective?.metric ?? '',
    [
      isCurrent ? 'in use' : '',
      closedAt === null ? '' : 'closed',
      ...channels.map(({ adapter, channel }) => `in ${adapter} ${channel}`),
    ]
      .filter((part) => part !== '')
      .join(', '),
  ]);
  return { blocks: [{ kind: 'table', columns: ['session', 'experiments', 'objective', ''], rows }] };
}
