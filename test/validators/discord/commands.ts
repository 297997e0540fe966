import {
  ApplicationCommandOptionType as Option,
  ApplicationCommandType as Type,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { findRepeated } from '../problems.ts';

/** Declarations of commands (discord-api-types 0.38, interactions/application-commands). */
const TOTAL_MAX = 8000;
const TEXT_MAX = 6000;
const COUNTS = { [Type.ChatInput]: 100, [Type.User]: 15, [Type.Message]: 15 } as const;

const name = z
  .string()
  .regex(/^[-_'\p{L}\p{N}]{1,32}$/u, 'no name of a command or option')
  .refine((text) => text === text.toLowerCase(), 'not in small letters');
const described = { name, description: z.string().min(1).max(100) };
const required = z.boolean().optional();
const autocomplete = z.boolean().optional();
const choices = (value: z.ZodType) =>
  z
    .array(z.strictObject({ name: z.string().min(1).max(100), value }))
    .max(25)
    .optional();

const noChoicesBesides = (option: { choices?: unknown[] | undefined; autocomplete?: boolean | undefined }) =>
  !option.autocomplete || option.choices === undefined || option.choices.length === 0;
const text = z
  .strictObject({
    type: z.literal(Option.String),
    ...described,
    required,
    autocomplete,
    choices: choices(z.string().min(1).max(100)),
    min_length: z.int().min(0).max(TEXT_MAX).optional(),
    max_length: z.int().min(1).max(TEXT_MAX).optional(),
  })
  .refine(noChoicesBesides, 'autocomplete beside choices');
const numeric = (type: Option.Integer | Option.Number, value: z.ZodNumber) =>
  z
    .strictObject({
      type: z.literal(type),
      ...described,
      required,
      autocomplete,
      choices: choices(value),
      min_value: value.optional(),
      max_value: value.optional(),
    })
    .refine(noChoicesBesides, 'autocomplete beside choices');

const basic = z.discriminatedUnion('type', [
  text,
  numeric(Option.Integer, z.int()),
  numeric(Option.Number, z.number()),
  z.strictObject({ type: z.literal(Option.Boolean), ...described, required }),
  z.strictObject({ type: z.literal(Option.User), ...described, required }),
]);
const basics = z
  .array(basic)
  .max(25)
  .superRefine((options, context) => {
    findRepeated(
      options.map((option) => option.name),
      (value) => context.addIssue(`the option ${String(value)} occurs twice`),
    );
    const firstOptional = options.findIndex((option) => !option.required);
    if (firstOptional >= 0 && options.slice(firstOptional).some((option) => option.required))
      context.addIssue('a required option behind an optional one');
  })
  .optional();

const subcommand = z.strictObject({ type: z.literal(Option.Subcommand), ...described, options: basics });
const subcommands = z
  .array(subcommand)
  .min(1)
  .max(25)
  .superRefine((all, context) =>
    findRepeated(
      all.map((one) => one.name),
      (value) => context.addIssue(`the subcommand ${String(value)} occurs twice`),
    ),
  );

const rights = {
  default_member_permissions: z.string().regex(/^\d+$/).nullish(),
  dm_permission: z.boolean().optional(),
  nsfw: z.boolean().optional(),
  contexts: z.array(z.int().min(0).max(2)).optional(),
  integration_types: z.array(z.int().min(0).max(1)).optional(),
};
const slash = z
  .strictObject({
    type: z.literal(Type.ChatInput),
    ...described,
    options: z.unknown().optional(),
    ...rights,
  })
  .superRefine((command, context) => {
    const isNested = JSON.stringify(command.options ?? []).startsWith(`[{"type":${Option.Subcommand},`);
    const result = (isNested ? subcommands : basics).safeParse(command.options);
    for (const issue of result.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['options', ...issue.path], message: issue.message });
    if (textOf(command) > TOTAL_MAX)
      context.addIssue(`${textOf(command)} characters, more than ${TOTAL_MAX}`);
  });
const menu = z.strictObject({
  type: z.union([z.literal(Type.User), z.literal(Type.Message)]),
  name: z.string().min(1).max(32),
  ...rights,
});

/** Characters of all names, descriptions and values. */
function textOf(node: unknown): number {
  if (Array.isArray(node)) return node.reduce((sum: number, each) => sum + textOf(each), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const { name, description, value, options, choices } = node as Record<string, unknown>;
  const own = [name, description, value].reduce(
    (sum: number, one) => sum + (one === undefined ? 0 : String(one).length),
    0,
  );
  return own + textOf(options) + textOf(choices);
}

/** All of an application's commands, as they take the place of those before. */
export const commands = z.array(z.discriminatedUnion('type', [slash, menu])).superRefine((all, context) => {
  findRepeated(
    all.map(({ type, name }) => `${type} ${name}`),
    (value) => context.addIssue(`the command ${String(value)} occurs twice`),
  );
  for (const [type, most] of Object.entries(COUNTS))
    if (all.filter((command) => command.type === Number(type)).length > most)
      context.addIssue(`more than ${most} commands of type ${type}`);
});
