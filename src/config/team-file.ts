import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { BotError, errorText } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { TRANSITION_KINDS } from '../core/transition.ts';
import { checkOption } from '../launch/check.ts';

const require = createRequire(import.meta.url);

/** Loads the scheduler only when somebody schedules something. */
const isCron = (text: string): boolean => (require('node-cron') as typeof import('node-cron')).validate(text);

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, ".", "_" and "-", at most 64');
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.array(z.string().min(1));

const presetOption = z
  .strictObject({
    type: z.enum(['number', 'integer', 'text', 'boolean', 'choice']),
    description: z.string().default(''),
    min: z.number().optional(),
    max: z.number().optional(),
    choices: z.array(scalar).min(1).optional(),
    default: scalar.optional(),
  })
  .superRefine((option, context) => {
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

const preset = z.strictObject({
  description: z.string().default(''),
  cwd: z.string().transform((path) => resolve(path.replace(/^~(?=\/|$)/, homedir()))),
  argv: texts
    .min(1)
    .refine(
      (argv) => !argv.some((word) => word.startsWith('--launcher')),
      'xaxbot adds --launcher itself: leave it out',
    ),
  options: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.]*$/, 'a setting of the task'), presetOption)
    .default({}),
  allow_extra: texts.default([]),
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
  unix: z.string().optional(),
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

const timezone = z.string().refine((zone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, 'an IANA time zone such as Europe/Zurich');

/** Everything that xaxbot.yaml may hold. */
export const teamFile = z.strictObject({
  host: z.string().min(1).optional(),
  timezone: timezone.optional(),
  presets: z.record(name, preset).default({}),
  people: z.record(name, person).optional(),
  channels: z.array(channel).min(1).optional(),
  discord: z
    .strictObject({ commands: z.enum(['guild', 'global']).default('guild') })
    .default({ commands: 'guild' }),
  session: z
    .strictObject({
      name: name.optional(),
      objective: z.strictObject({ metric: z.string().min(1), mode: z.enum(['min', 'max']) }).optional(),
    })
    .default({}),
  kill: z
    .strictObject({ grace_seconds: z.number().min(0).max(600).default(10) })
    .default({ grace_seconds: 10 }),
  export: z
    .strictObject({
      schedule: z
        .string()
        .refine((text) => isCron(text), 'a cron expression such as "0 7 * * 1"')
        .optional(),
    })
    .default({}),
});

export type TeamFile = z.output<typeof teamFile>;

/** What an absent xaxbot.yaml means. */
export function emptyTeamFile(): TeamFile {
  return teamFile.parse({});
}

/**
 * Reads xaxbot.yaml. Error `config`: every problem at once, each with its line, its key and what is accepted.
 */
export function readTeamFile(path: string): TeamFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new BotError(
      'config',
      `${path} cannot be read: ${errorText(error)}.`,
      'XAXBOT_CONFIG names it; leave that out to run without one.',
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw problems(
      path,
      document.errors.map(
        ({ pos, message }) => `line ${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`,
      ),
    );
  }
  const result = teamFile.safeParse(document.toJS() ?? {});
  if (!result.success)
    throw problems(
      path,
      result.error.issues.flatMap((issue) => issueLines(issue, document, lines)),
    );
  const found = semanticProblems(result.data, document, lines);
  if (found.length > 0) throw problems(path, found);
  return result.data;
}

function semanticProblems(
  { presets, channels = [], people = {} }: TeamFile,
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
  const twice = ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `${where(['channels'], document, lines)}: the channel ${id} is given twice`);
  const accounts = (['slack', 'discord'] as const).flatMap((platform) =>
    Object.entries(people)
      .filter(
        ([id, { [platform]: account }]) =>
          account !== undefined &&
          Object.entries(people).some(([other, { [platform]: theirs }]) => other < id && theirs === account),
      )
      .map(
        ([id, { [platform]: account }]) =>
          `${where(['people', id, platform], document, lines)}: ${account} is somebody else's already`,
      ),
  );
  const nobody =
    Object.values(people).length > 0 && !Object.values(people).some(({ role }) => role === 'admin');
  return [
    ...missing,
    ...twice,
    ...accounts,
    ...(nobody ? [`${where(['people'], document, lines)}: nobody has the role admin`] : []),
  ];
}

function problems(path: string, found: readonly string[]): BotError {
  return new BotError(
    'config',
    `${path} cannot be used:\n${found.map((each) => `  ${each}`).join('\n')}`,
    'Nothing was started.',
  );
}

function issueLines(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code !== 'unrecognized_keys') return [`${where(path, document, lines)}: ${issue.message}`];
  const known = knownKeys(path);
  return issue.keys.map((key) => {
    const [close] = nearest(key, known, 1);
    return `${where([...path, key], document, lines)}: no such key${close ? `; did you mean ${close}?` : ''} Accepted: ${known.join(', ')}`;
  });
}

/** `line 12, presets.toy.options`. The line of the nearest part of the path that the file has. */
function where(path: readonly (string | number)[], document: Document, lines: LineCounter): string {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => String(key) === String(path[length - 1]))
      : undefined;
    const node = (pair?.key ?? document.getIn(path.slice(0, length), true)) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return `line ${lines.linePos(node.range[0]).line}, ${path.join('.')}`;
  }
  return path.join('.') || 'the file';
}

/** The keys that are accepted where an unknown one was found. */
function knownKeys(path: readonly (string | number)[]): string[] {
  const shapes: Record<string, object> = {
    '': teamFile.shape,
    presets: preset.shape,
    options: presetOption.shape,
    people: person.shape,
    channels: channel.in.shape,
    discord: { commands: null },
    session: { name, objective: null },
    objective: { metric: null, mode: null },
    kill: { grace_seconds: null },
    export: { schedule: null },
  };
  const place = [...path].reverse().find((part) => String(part) in shapes) ?? '';
  return Object.keys(shapes[String(place)]!);
}
