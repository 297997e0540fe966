import { createRequire } from 'node:module';
import { z } from 'zod';
import type { AdapterKind } from '../../adapters/kind.ts';
import { RESERVED_COMMANDS } from '../core/person.ts';
import { isSessionName, SESSION_NAMES } from '../core/session-name.ts';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../core/setting-name.ts';
import { ruleProblem, WATCH_CONDITIONS } from '../core/watch.ts';
import { channelSchema, groupSchema, personSchema } from './people-schema.ts';
import { preset } from './preset-schema.ts';
import { queuesSchema } from './queues.ts';
import { shown } from './shown.ts';

const require = createRequire(import.meta.url);

/** Loads the scheduler only when somebody schedules something. */
const isCron = (text: string): boolean => (require('node-cron') as typeof import('node-cron')).validate(text);

const name = z.string().regex(SETTING_NAME, SETTING_NAME_WORDS);

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
  context.addIssue({ code: 'custom', message: 'a date or time such as 2026-12-24 or 2026-12-24T18:00:00Z' });
  return z.NEVER;
});
const DEFAULT_APPROVAL_MINUTES = 60;
/** How long a failed run may go without anybody looking at it before its owner is reminded. */
const DEFAULT_REMIND_HOURS = 4;
const REMIND_HOURS_MAX = 7 * 24;
/** A week: whoever has not decided by then has forgotten. */
const APPROVAL_MINUTES_MAX = 7 * 24 * 60;

const cron = z.string().refine((text) => isCron(text), 'a cron expression such as "0 7 * * 1"');

/** What xaxbot.yaml holds whatever adapters there are. */
const common = {
  host: shown.pipe(z.string().min(1)).optional(),
  timezone: timezone.optional(),
  queues: queuesSchema.optional(),
  presets: z.record(name, preset).default({}),
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
  reminders: z
    .strictObject({
      failed_after_hours: z.number().min(0).max(REMIND_HOURS_MAX).default(DEFAULT_REMIND_HOURS),
    })
    .default({ failed_after_hours: DEFAULT_REMIND_HOURS }),
  export: z.strictObject({ schedule: cron.optional() }).default({}),
  digest: z.strictObject({ daily: cron.optional(), weekly: cron.optional() }).default({}),
};

/** Everything that xaxbot.yaml may hold: each adapter adds its section, its channels and its accounts. */
export function teamSchema(kinds: readonly AdapterKind[]) {
  const sections = kinds.flatMap(({ name, section }) => (section ? [[name, section] as const] : []));
  const file = z.strictObject({
    ...common,
    people: z.record(name, personSchema(kinds)).optional(),
    groups: z.record(name, groupSchema(kinds)).optional(),
    channels: z.array(channelSchema(kinds)).min(1).optional(),
  });
  return file.extend(Object.fromEntries(sections) as object).transform((given) => ({
    ...given,
    /** The sections of adapters by their name. */
    sections: Object.fromEntries(sections.map(([key]) => [key, (given as Record<string, unknown>)[key]])),
  }));
}

/** What it says, before what it says of queues is read by their kinds. */
export type WrittenTeam = z.output<ReturnType<typeof teamSchema>>;
