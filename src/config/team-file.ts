import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Document, LineCounter } from 'yaml';
import { z } from 'zod';
import { clip } from '../core/clip.ts';
import { isSeed } from '../core/config-delta.ts';
import { BotError } from '../core/errors.ts';
import { RESERVED_COMMANDS } from '../core/person.ts';
import { isSessionName, SESSION_NAMES } from '../core/session-name.ts';
import { TRANSITION_KINDS } from '../core/transition.ts';
import { ruleProblem, WATCH_CONDITIONS } from '../core/watch.ts';
import { checkOption, overlapOf } from '../launch/check.ts';
import { type Refusal, refusedKey, refusedValue, refusedWord } from '../queue/assignments.ts';
import { expandHome } from '../queue/expand-home.ts';
import type { QueueKind } from '../queue/kind.ts';
import { issueWords, tellIssue } from './issues.ts';
import { NOTHING_STARTED } from './mistakes.ts';
import { type QueueEntry, queuesSchema, readQueues } from './queues.ts';
import { keepWritten } from './written.ts';
import { readYamlFile, where } from './yaml-file.ts';

const require = createRequire(import.meta.url);

/** Loads the scheduler only when somebody schedules something. */
const isCron = (text: string): boolean => (require('node-cron') as typeof import('node-cron')).validate(text);

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, ".", "_" and "-", at most 64');
const texts = z.array(z.string().min(1));

/** Says why something must not reach a task's command line, if it must not. */
const allowedBy =
  (refusal: (text: string) => Refusal | undefined) => (text: string, context: z.RefinementCtx) => {
    const refused = refusal(text);
    if (refused)
      context.addIssue({
        code: 'custom',
        message: `"${clip(text, 60)}" ${refused.what}. ${refused.hint}`,
      });
  };

/** A value as it was written (readTeamFile sees to that), and as it is passed on. */
const passedOn = z
  .string({
    error: ({ input }) =>
      `is ${input === null ? 'empty' : 'no single value'}; accepted is text, a number, true or false`,
  })
  .superRefine(allowedBy(refusedValue));
const optionKey = z.string().superRefine(allowedBy(refusedKey));
const extraKey = z.string().superRefine(allowedBy((key) => (key === '*' ? undefined : refusedKey(key))));

/** Which keys say something about which types. */
const TYPES_OF = { min: ['number', 'integer'], max: ['number', 'integer'], choices: ['choice'] } as const;

const presetOption = z
  .strictObject({
    type: z.enum(['number', 'integer', 'text', 'boolean', 'choice']),
    description: z.string().default(''),
    min: z.number().optional(),
    max: z.number().optional(),
    choices: z.array(passedOn).min(1).optional(),
    default: passedOn.optional(),
    tune: z.boolean().optional(),
  })
  .superRefine((option, context) => {
    for (const key of ['min', 'max', 'choices'] as const) {
      const types: readonly string[] = TYPES_OF[key];
      if (option[key] === undefined || types.includes(option.type)) continue;
      const message = `says nothing about the type ${option.type}; it belongs to ${types.join(' and ')}`;
      context.addIssue({ code: 'custom', path: [key], message });
    }
    if (option.tune && option.type === 'text') {
      const message = 'a text cannot be tuned: suggestions vary numbers, switches and choices';
      context.addIssue({ code: 'custom', path: ['tune'], message });
    }
    if (option.type === 'choice' && !option.choices)
      context.addIssue({ code: 'custom', path: ['choices'], message: 'a choice needs its choices' });
    if (option.min !== undefined && option.max !== undefined && option.min > option.max) {
      context.addIssue({
        code: 'custom',
        path: ['min'],
        message: `min ${option.min} is above max ${option.max}`,
      });
    }
    if (option.default === undefined) return;
    try {
      checkOption('default', option, option.default);
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['default'], message: (error as Error).message });
    }
  });

/** Of two options of which one lies within the other, the one would replace the other; a seed only repeats a run. */
const presetOptions = z.record(optionKey, presetOption).superRefine((options, context) => {
  const keys = Object.keys(options);
  for (const [index, key] of keys.entries()) {
    if (isSeed(key) && options[key]!.tune)
      context.addIssue({
        code: 'custom',
        path: [key, 'tune'],
        message: 'a seed cannot be tuned: it only repeats a run',
      });
    const other = overlapOf(key, keys.slice(0, index));
    if (other !== undefined)
      context.addIssue({ code: 'custom', path: [key], message: `would set ${other} too, which is declared` });
  }
});

const preset = z.strictObject({
  description: z.string().default(''),
  cwd: z.string().min(1),
  argv: z.array(z.string().min(1).superRefine(allowedBy(refusedWord))).min(1),
  options: presetOptions.default({}),
  allow_extra: z.array(extraKey).default([]),
  queues: z.array(name).min(1).optional(),
  kill_on_nan: z.int().min(1).max(100_000).optional(),
});

/** Ids as the platforms give them: docs.slack.dev object types, and Discord's snowflakes. */
const slackUser = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'a member id of Slack such as U012AB3CD');
const discordId = z
  .string({ error: 'an id of Discord, in quotes: it has more digits than a number can hold' })
  .regex(/^\d{17,20}$/, 'an id of Discord, 17 to 20 digits in quotes');
const CHANNEL_IDS = {
  web: name,
  slack: z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'a channel id of Slack such as C012AB3CD'),
  discord: discordId,
};

const person = z.strictObject({
  name: z.string().optional(),
  role: z.enum(['viewer', 'agent', 'operator', 'admin']),
  unix: z.string().min(1).optional(),
  slack: slackUser.optional(),
  discord: discordId.optional(),
});

const channel = z
  .strictObject({
    platform: z.enum(['web', 'slack', 'discord']).default('web'),
    id: z.unknown().optional(),
    title: z.string().optional(),
    description: z.string().default(''),
    board: z.boolean().default(true),
    tasks: texts.optional(),
    owners: texts.optional(),
    transitions: z.array(z.enum(TRANSITION_KINDS)).min(1).optional(),
    endings: z.enum(['thread', 'broadcast']).default('thread'),
    members: z.enum(['none', 'viewer', 'operator']).default('viewer'),
    capture_threads: z.boolean().default(false),
  })
  .transform((given, context) => {
    const id = CHANNEL_IDS[given.platform].safeParse(given.id);
    if (!id.success)
      context.addIssue({
        code: 'custom',
        path: ['id'],
        message: given.id === undefined ? 'is missing' : id.error.issues[0]!.message,
      });
    return { ...given, id: id.data ?? '' };
  });

const watchRule = z
  .strictObject({
    name,
    when: z.enum(WATCH_CONDITIONS),
    tag: z.string().min(1).optional(),
    value: z.number().optional(),
    points: z.int().min(1).max(100_000).optional(),
    deviations: z.number().min(0).optional(),
    minutes: z.number().min(1).optional(),
    mode: z.enum(['min', 'max']).optional(),
    task: z.string().min(1).optional(),
  })
  .superRefine((rule, context) => {
    const problem = ruleProblem(rule);
    if (problem) context.addIssue({ code: 'custom', path: [problem.setting], message: problem.words });
  });

const timezone = z.string().refine((zone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, 'an IANA time zone such as Europe/Zurich');

/** A day or a time as ISO 8601 writes it, UTC unless it says otherwise; epoch milliseconds. */
const instant = z.string().transform((text, context) => {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'a day or a time such as 2026-12-24 or 2026-12-24T18:00:00Z' });
  return z.NEVER;
});
const DEFAULT_APPROVAL_MINUTES = 60;
/** A week: who has not decided by then has forgotten. */
const APPROVAL_MINUTES_MAX = 7 * 24 * 60;

const cron = z.string().refine((text) => isCron(text), 'a cron expression such as "0 7 * * 1"');

/** Everything that xaxbot.yaml may hold. */
export const teamFile = z.strictObject({
  host: z.string().min(1).optional(),
  timezone: timezone.optional(),
  queues: queuesSchema.optional(),
  presets: z.record(name, preset).default({}),
  people: z.record(name, person).optional(),
  channels: z.array(channel).min(1).optional(),
  discord: z
    .strictObject({ commands: z.enum(['guild', 'global']).default('guild') })
    .default({ commands: 'guild' }),
  session: z
    .strictObject({
      name: z.string().refine(isSessionName, SESSION_NAMES).optional(),
      objective: z
        .strictObject({
          metric: z.string().min(1),
          mode: z.enum(['min', 'max']),
          take: z.enum(['last', 'best', 'mean']).optional(),
          points: z.int().min(1).max(100_000).optional(),
        })
        .optional(),
      target: z.number().optional(),
      budget: z
        .strictObject({
          runs: z.int().min(1).optional(),
          hours: z.number().positive().optional(),
          until: instant.optional(),
        })
        .optional(),
    })
    .default({}),
  watch: z
    .strictObject({ defaults: z.boolean().default(true), rules: z.array(watchRule).default([]) })
    .default({ defaults: true, rules: [] }),
  kill: z
    .strictObject({ grace_seconds: z.number().min(0).max(600).default(10) })
    .default({ grace_seconds: 10 }),
  agents: z
    .strictObject({
      approval_minutes: z.number().gt(0).max(APPROVAL_MINUTES_MAX).default(DEFAULT_APPROVAL_MINUTES),
      may_propose: z.array(z.enum(RESERVED_COMMANDS)).default([]),
    })
    .default({ approval_minutes: DEFAULT_APPROVAL_MINUTES, may_propose: [] }),
  export: z.strictObject({ schedule: cron.optional() }).default({}),
  digest: z.strictObject({ daily: cron.optional(), weekly: cron.optional() }).default({}),
});

export type TeamFile = Omit<z.output<typeof teamFile>, 'queues'> & {
  /** undefined: the one that is there. */
  queues: QueueEntry[] | undefined;
};

/** What an absent xaxbot.yaml means. */
export function emptyTeamFile(): TeamFile {
  return { ...teamFile.parse({}), queues: undefined };
}

/**
 * Reads xaxbot.yaml; folders in it are relative to its own, and `~` is the home of `env`. Error `config`: every
 * problem at once, each with its line, its key and what is accepted.
 */
export function readTeamFile(path: string, env: NodeJS.ProcessEnv, kinds: readonly QueueKind[]): TeamFile {
  const read = readYamlFile(path);
  if (Array.isArray(read)) throw problems(path, read);
  const { document, lines } = read;
  const result = teamFile.safeParse(keepWritten(read.values ?? {}, read.written), { error: issueWords });
  if (!result.success) {
    const told = result.error.issues.flatMap((issue) => tellIssue(teamFile, issue));
    throw problems(
      path,
      told.map(({ path: place, what }) => `${where(place, document, lines)}: ${what}`),
    );
  }
  const { queues, problems: ofQueues } = readQueues(result.data, kinds);
  const team = { ...result.data, queues, presets: inFolder(result.data.presets, dirname(path), env) };
  const found = [
    ...ofQueues.map(({ path: place, what }) => `${where(place, document, lines)}: ${what}`),
    ...semanticProblems(team, document, lines),
  ];
  if (found.length > 0) throw problems(path, found);
  return team;
}

/**
 * Presets with the whole path of their folder, which may be given relative to that of the yaml, and with the homes that
 * a shell would read in the words of their command.
 */
function inFolder(presets: TeamFile['presets'], folder: string, env: NodeJS.ProcessEnv): TeamFile['presets'] {
  return Object.fromEntries(
    Object.entries(presets).map(([id, preset]) => [
      id,
      {
        ...preset,
        cwd: resolve(folder, expandHome(preset.cwd, env)),
        argv: preset.argv.map((word) => expandHome(word, env)),
      },
    ]),
  );
}

function semanticProblems(
  { presets, channels = [], people }: TeamFile,
  document: Document,
  lines: LineCounter,
): string[] {
  const missing = Object.entries(presets)
    .filter(([, { cwd }]) => !statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    .map(
      ([id, { cwd }]) =>
        `${where(['presets', id, 'cwd'], document, lines)}: the folder ${cwd} does not exist`,
    );
  const ids = channels.map(({ platform, id }) => `${platform} ${id}`);
  const twice = ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [`${where(['channels', index, 'id'], document, lines)}: the channel ${id} is given twice`],
  );
  const shared = sharedAccounts(people ?? {}).map(
    ({ path, what }) => `${where(path, document, lines)}: ${what}`,
  );
  const noAdmin = people && !Object.values(people).some(({ role }) => role === 'admin');
  return [
    ...missing,
    ...twice,
    ...shared,
    ...(noAdmin
      ? [
          `${where(['people'], document, lines)}: nobody has the role admin; give it to somebody, or leave people out: then whoever runs xaxbot is its admin`,
        ]
      : []),
  ];
}

/** Accounts that two people share, who could then not be told apart. Without a Unix name somebody has their id's. */
function sharedAccounts(people: NonNullable<TeamFile['people']>): { path: string[]; what: string }[] {
  return (['unix', 'slack', 'discord'] as const).flatMap((platform) => {
    const holders = new Map<string, string>();
    return Object.entries(people).flatMap(([id, person]) => {
      const account = person[platform] ?? (platform === 'unix' ? id : undefined);
      if (account === undefined) return [];
      const holder = holders.get(account);
      if (holder !== undefined)
        return [
          {
            path: ['people', id, platform],
            what: `${account} is ${holder}'s already`,
          },
        ];
      holders.set(account, id);
      return [];
    });
  });
}

function problems(path: string, found: readonly string[]): BotError {
  const lineOf = (text: string) => Number(/^line (\d+)/.exec(text)?.[1] ?? 0);
  const inOrder = found.toSorted((a, b) => lineOf(a) - lineOf(b));
  return new BotError(
    'config',
    `${path} cannot be used:\n${inOrder.map((each) => `  ${each}`).join('\n')}`,
    NOTHING_STARTED,
  );
}
