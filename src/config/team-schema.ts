import { createRequire } from 'node:module';
import { z } from 'zod';
import type { AdapterKind } from '../../adapters/kind.ts';
import { linkProblem } from '../core/links.ts';
import { RESERVED_COMMANDS } from '../core/person.ts';
import { isSessionName, SESSION_NAMES } from '../core/session-name.ts';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../core/setting-name.ts';
import { isZone } from '../core/time-zone.ts';
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
    name: name.meta({ description: 'the name of a default replaces that default' }),
    when: z.enum(WATCH_CONDITIONS).meta({ description: 'what to look for (docs/watch.md)' }),
    tag: z.string().min(1).optional().meta({
      description: 'the metric',
      type: 'tag',
      otherwise: 'the objective or the loss; for `nan` any',
    }),
    value: z.number().optional().meta({
      description: 'threshold, ratio or least improvement',
      otherwise: 'by `when`; required for `above` and `below`',
    }),
    points: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'points in a row, or the window', otherwise: 'by `when`' }),
    deviations: z
      .number()
      .min(0)
      .optional()
      .meta({ description: 'for `diverged`: spreads of the curve around its level', otherwise: '6' }),
    minutes: z
      .number()
      .min(1)
      .optional()
      .meta({ description: 'how long, for `stalled`, `gpu-idle` and `gpu-taken`', otherwise: 'by `when`' }),
    mode: z.enum(['min', 'max']).optional().meta({
      description: 'for `diverged` and `plateau`: whether lower or higher is better',
      otherwise: "from the objective or the metric's name",
    }),
    task: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'only jobs whose task key contains this', otherwise: 'all' }),
  })
  .superRefine((rule, context) => {
    const problem = ruleProblem(rule);
    if (problem) context.addIssue({ code: 'custom', path: [problem.setting], message: problem.words });
  });

const timezone = z
  .string()
  .refine(isZone, 'is no time zone that is known here; accepted: one such as Europe/Zurich');

/** A day or a time as ISO 8601 writes it, UTC unless it says otherwise; epoch milliseconds. */
const instant = z.string().transform((text, context) => {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'a date or time such as 2026-12-24 or 2026-12-24T18:00:00Z' });
  return z.NEVER;
});
/** An address with places of a job's, which everybody who reads its card may follow. */
const linkAddress = z.string().superRefine((url, context) => {
  const problem = linkProblem(url);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});
const LINKS_MAX = 5;
const DEFAULT_APPROVAL_MINUTES = 60;
/** How long a failed run may go without anybody looking at it before its owner is reminded. */
const DEFAULT_REMIND_HOURS = 4;
const REMIND_HOURS_MAX = 7 * 24;
/** A week: whoever has not decided by then has forgotten. */
const APPROVAL_MINUTES_MAX = 7 * 24 * 60;

const cron = z.string().refine((text) => isCron(text), 'a cron expression such as "0 7 * * 1"');

/** What xaxbot.yaml holds whatever adapters there are. */
const common = {
  host: shown
    .pipe(z.string().min(1))
    .optional()
    .meta({ description: 'what the chat calls this machine', otherwise: "the host's name" }),
  timezone: timezone
    .optional()
    .meta({ description: 'zone of times in the terminal', type: 'IANA zone', otherwise: "the process's" }),
  queues: queuesSchema.optional(),
  presets: z.record(name, preset).default({}).meta({ named: 'NAME' }),
  session: z
    .strictObject({
      name: z.string().refine(isSessionName, SESSION_NAMES).optional().meta({
        description:
          "the session's folder below xax's experiments folder; used at the first start and when it is changed; otherwise the choice of `session use` stays",
        type: "a folder's name",
        otherwise: '`experiment-YYYYMMDD-HHMMSS`, made once',
      }),
      objective: z
        .strictObject({
          metric: z
            .string()
            .min(1)
            .meta({ description: 'the metric that counts', type: 'tag', otherwise: 'none' }),
          mode: z
            .enum(['min', 'max'])
            .meta({ description: 'which direction is better', otherwise: 'required with `metric`' }),
          take: z.enum(['last', 'best', 'mean']).optional().meta({
            description: "which of its points is a run's value; `mean` is over the last `points`",
            otherwise: '`last`',
          }),
          points: z
            .int()
            .min(1)
            .max(100_000)
            .optional()
            .meta({ description: 'how many points `mean` is taken over', otherwise: '10' }),
        })
        .optional(),
      target: z.number().optional().meta({
        description:
          'the value of this objective at which the session is done; it does not apply to a session with another objective',
        otherwise: 'none',
      }),
      budget: z
        .strictObject({
          runs: z
            .int()
            .min(1)
            .optional()
            .meta({ description: 'the maximum number of runs', otherwise: 'none' }),
          hours: z.number().positive().optional().meta({
            description:
              'the maximum GPU hours: run hours times the GPUs that the queue held when each run started (one if unknown)',
            otherwise: 'none',
          }),
          until: instant
            .optional()
            .meta({ description: 'when it ends', type: 'day or time, ISO 8601, UTC', otherwise: 'none' }),
        })
        .optional(),
    })
    .default({}),
  watch: z
    .strictObject({
      defaults: z
        .boolean()
        .default(true)
        .meta({ description: 'whether the default rules of docs/watch.md apply' }),
      rules: z.array(watchRule).default([]),
    })
    .default({ defaults: true, rules: [] }),
  kill: z
    .strictObject({
      grace_seconds: z
        .number()
        .min(0)
        .max(600)
        .default(10)
        .meta({ description: 'time between SIGTERM and SIGKILL' }),
    })
    .default({ grace_seconds: 10 }),
  agents: z
    .strictObject({
      approval_minutes: z.number().gt(0).max(APPROVAL_MINUTES_MAX).default(DEFAULT_APPROVAL_MINUTES).meta({
        description:
          "how long an agent's proposal waits, minutes; no answer counts as a denial (docs/agents.md)",
      }),
      may_propose: z.array(z.enum(RESERVED_COMMANDS)).default([]).meta({
        description: 'which of the commands that agents may not use they may propose',
        otherwise: 'none',
      }),
    })
    .default({ approval_minutes: DEFAULT_APPROVAL_MINUTES, may_propose: [] }),
  reminders: z
    .strictObject({
      failed_after_hours: z.number().min(0).max(REMIND_HOURS_MAX).default(DEFAULT_REMIND_HOURS).meta({
        description:
          'reminds the owner of a failed run, once, that nobody has pressed, asked, answered, reacted to or opened for so long; never of one that was killed; 0: no reminders',
      }),
    })
    .default({ failed_after_hours: DEFAULT_REMIND_HOURS }),
  links: z
    .array(
      z.strictObject({
        label: shown.pipe(z.string().min(1)).meta({
          description: 'what a link on the cards of jobs is called, such as `commit`, `diff` or `W&B`',
          type: 'text',
          otherwise: 'required',
        }),
        url: linkAddress.meta({
          description:
            'where it leads: `https://…` with `{job}`, `{experiment}`, `{run}` (the name of its folder), `{task}`, `{commit}` (as the run recorded it) or `{base}` (that of the run it is measured against: its parent, else the best of its session); a link of which one is not known is left out',
          type: 'address',
          otherwise: 'required',
        }),
      }),
    )
    .max(LINKS_MAX)
    .default([]),
  export: z
    .strictObject({
      schedule: cron.optional().meta({
        description: 'also writes `experiment_log.csv` at these times',
        type: 'cron expression',
        otherwise: 'none',
      }),
    })
    .default({}),
  digest: z
    .strictObject({
      daily: cron.optional().meta({
        description: 'posts a summary of the last day',
        type: 'cron expression, in the time zone of `timezone`',
        otherwise: 'none',
      }),
      weekly: cron.optional().meta({
        description: 'posts a summary of the last week',
        type: 'cron expression, in the time zone of `timezone`',
        otherwise: 'none',
      }),
    })
    .default({}),
};

/** Everything that xaxbot.yaml may hold: each adapter adds its section, its channels and its accounts. */
export function teamSchema(kinds: readonly AdapterKind[]) {
  const sections = kinds.flatMap(({ name, section }) => (section ? [[name, section] as const] : []));
  const file = z.strictObject({
    ...common,
    people: z.record(name, personSchema(kinds)).optional().meta({ named: 'ID' }),
    groups: z.record(name, groupSchema(kinds)).optional().meta({ named: 'NAME' }),
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
