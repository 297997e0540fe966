import { z } from 'zod';
import { clip } from '../core/clip.ts';
import { isSeed } from '../core/config-delta.ts';
import { RETRY_CAUSES } from '../core/preset.ts';
import { SETTING_NAME, SETTING_NAME_WORDS } from '../core/setting-name.ts';
import { checkOption, overlapOf } from '../launch/check.ts';
import { type Refusal, refusedKey, refusedValue, refusedWord } from '../queue/assignments.ts';
import { shown } from './shown.ts';

/** Why something must not reach a task's command line, if so. */
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
      `is ${input === null ? 'empty' : 'not a single value'}; accepted: text, a number, true or false`,
  })
  .superRefine(allowedBy(refusedValue));
const optionKey = z.string().superRefine(allowedBy(refusedKey));
const extraKey = z.string().superRefine(allowedBy((key) => (key === '*' ? undefined : refusedKey(key))));

/** Which keys say something about which types. */
const TYPES_OF = { min: ['number', 'integer'], max: ['number', 'integer'], choices: ['choice'] } as const;

const presetOption = z
  .strictObject({
    type: z
      .enum(['number', 'integer', 'text', 'boolean', 'choice'])
      .meta({ description: 'a setting that can be given as `KEY=value`' }),
    description: shown.default('').meta({ description: 'shown in completion and forms', otherwise: 'none' }),
    min: z
      .number()
      .optional()
      .meta({ description: 'the smallest accepted value of a `number` or `integer`', otherwise: 'none' }),
    max: z.number().optional().meta({ description: 'the largest', otherwise: 'none' }),
    choices: z.array(passedOn).min(1).optional().meta({
      description: 'texts, passed on exactly as written here',
      type: 'list of values',
      otherwise: 'required for `choice`',
    }),
    default: passedOn.optional().meta({
      description: 'passed on exactly as written here, when nothing is given',
      type: 'value',
      otherwise: "the task's own",
    }),
    tune: z.boolean().optional().meta({
      description: '`false`: suggestions leave it alone; `sweep` varies it when it is named',
      otherwise: '`true`; never for texts and seeds',
    }),
  })
  .superRefine((option, context) => {
    for (const key of ['min', 'max', 'choices'] as const) {
      const types: readonly string[] = TYPES_OF[key];
      if (option[key] === undefined || types.includes(option.type)) continue;
      const message = `does not apply to the type ${option.type}; it is for ${types.join(' and ')}`;
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

const text = (form: RegExp, what: string) => z.string().regex(form, `is not ${what}`);

/** One of `presets:`: what may be launched from chat. */
export const preset = z.strictObject({
  description: shown.default('').meta({ description: 'shown in completion and lists', otherwise: 'none' }),
  cwd: z.string().min(1).meta({
    description:
      "the project's folder on the host of the queue, which is looked for when it is launched, and by `doctor`; `~` is a home there; a relative path starts at the yaml's folder",
    type: 'folder',
  }),
  argv: z
    .array(z.string().min(1).superRefine(allowedBy(refusedWord)))
    .min(1)
    .meta({
      description:
        'program and arguments on that host, `~` as in a shell there; `--launcher queued` is added on xax queues',
    }),
  options: presetOptions.default({}).meta({ named: 'KEY' }),
  allow_extra: z.array(extraKey).default([]).meta({
    description: 'additional keys that may be set; `"*"` allows all',
    type: 'list of keys',
    otherwise: 'none',
  }),
  queues: z.array(z.string().regex(SETTING_NAME, SETTING_NAME_WORDS)).min(1).optional().meta({
    description: 'where it may be launched',
    type: 'list of queue names',
    otherwise: 'every queue that can be launched on',
  }),
  runs: z.string().min(1).optional().meta({
    description:
      'where its runs write, from `cwd`, with `*` for any part of a name, such as `lightning_logs/version_*`',
    type: 'path',
    otherwise: 'found by what the job is given and prints (docs/runs.md)',
  }),
  slurm: z
    .strictObject({
      gpus: z
        .union([
          z.int().min(1).max(10_000),
          text(/^([A-Za-z0-9_.-]{1,40}:)?[1-9]\d{0,3}$/, 'a number, or a kind and a number such as a100:2'),
        ])
        .transform(String)
        .optional()
        .meta({
          description: 'how many GPUs, or `KIND:NUMBER`',
          type: 'whole number or text',
          otherwise: 'none',
        }),
      cpus: z
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .meta({ description: 'processors of a task', otherwise: 'as the cluster has it' }),
      memory: z
        .union([z.int().min(1).transform(String), text(/^[1-9]\d{0,9}[KMGT]?$/i, 'a size such as 32G')])
        .optional()
        .meta({
          description: 'memory of a node, such as `32G`; without a unit in MB',
          type: 'text',
          otherwise: 'as the cluster has it',
        }),
      time: z
        .union([
          z.int().min(1).transform(String),
          text(/^(\d{1,5}-\d{1,2}(:\d{1,2}){0,2}|\d{1,6}(:\d{1,2}){0,2})$/, 'minutes, H:MM:SS or D-HH:MM:SS'),
        ])
        .optional()
        .meta({
          description: 'time limit: minutes, `H:MM:SS` or `D-HH:MM:SS`',
          type: 'text',
          otherwise: 'as the cluster has it',
        }),
      partition: text(/^[A-Za-z0-9_][A-Za-z0-9_,.-]{0,200}$/, 'the name of a partition')
        .optional()
        .meta({ description: 'partition', otherwise: 'as the cluster has it' }),
      array: text(
        /^\d{1,7}(-\d{1,7}(:\d{1,7})?)?(,\d{1,7}(-\d{1,7}(:\d{1,7})?)?)*(%[1-9]\d{0,6})?$/,
        'task numbers such as 0-19%4',
      )
        .optional()
        .meta({
          description: 'numbers of the tasks of a job array, behind `%` how many may run at once',
          otherwise: 'no array',
        }),
      account: text(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}$/, 'the name of an account')
        .optional()
        .meta({ description: 'account', otherwise: 'as the cluster has it' }),
      qos: text(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}$/, 'the name of a quality of service')
        .optional()
        .meta({ description: 'quality of service', otherwise: 'as the cluster has it' }),
    })
    .optional()
    .meta({
      description: 'what its runs are given on queues of the kind `slurm`',
      otherwise: 'as the cluster has it',
    }),
  retry: z
    .strictObject({
      on: z
        .array(z.enum(RETRY_CAUSES))
        .min(1)
        .meta({ description: 'after which ends its jobs are queued again, as Slurm tells of them' }),
      most: z.int().min(1).max(100).meta({ description: 'so often in a row at most' }),
    })
    .optional()
    .meta({ description: 'its jobs are queued again', otherwise: 'never' }),
  kill_on_nan: z.int().min(1).max(100_000).optional().meta({
    description: 'its jobs are killed after this many NaN points in a row of a metric',
    otherwise: 'never',
  }),
});
