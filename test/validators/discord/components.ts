import { ButtonStyle, ComponentType as Type } from 'discord-api-types/v10';
import { z } from 'zod';
import { findRepeated } from '../problems.ts';

/** Components of messages and modals (discord-api-types 0.38, components/reference), lengths in characters. */
export const TOTAL_MAX = 40;
/** All text displays of a message together (discord.js guide, "Display components"). */
export const TEXT_TOTAL_MAX = 4000;

export const id = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .optional();
export const customId = z.string().min(1).max(100);
export const snowflake = z.string().regex(/^\d{1,20}$/, 'no id');
const emoji = z
  .strictObject({
    id: snowflake.optional(),
    name: z.string().min(1).optional(),
    animated: z.boolean().optional(),
  })
  .optional();

const labelled = { label: z.string().min(1).max(80).optional(), emoji, disabled: z.boolean().optional(), id };
const hasLabel = (button: { label?: unknown; emoji?: unknown }) =>
  button.label !== undefined || button.emoji !== undefined;
const button = z
  .discriminatedUnion('style', [
    z.strictObject({
      type: z.literal(Type.Button),
      style: z.literal(ButtonStyle.Primary),
      custom_id: customId,
      ...labelled,
    }),
    z.strictObject({
      type: z.literal(Type.Button),
      style: z.literal(ButtonStyle.Secondary),
      custom_id: customId,
      ...labelled,
    }),
    z.strictObject({
      type: z.literal(Type.Button),
      style: z.literal(ButtonStyle.Success),
      custom_id: customId,
      ...labelled,
    }),
    z.strictObject({
      type: z.literal(Type.Button),
      style: z.literal(ButtonStyle.Danger),
      custom_id: customId,
      ...labelled,
    }),
    z.strictObject({
      type: z.literal(Type.Button),
      style: z.literal(ButtonStyle.Link),
      url: z.url().max(512),
      ...labelled,
    }),
  ])
  .refine(hasLabel, 'needs a label or an emoji');

const OPTION_MAX = 100;
const selectOption = z.strictObject({
  label: z.string().min(1).max(OPTION_MAX),
  value: z.string().min(1).max(OPTION_MAX),
  description: z.string().min(1).max(OPTION_MAX).optional(),
  emoji,
  default: z.boolean().optional(),
});

/** The choices of a select, a radio group or a group of checkboxes. */
export const selectOptions = (least: number, most: number) =>
  z
    .array(selectOption)
    .min(least)
    .max(most)
    .superRefine((options, context) =>
      findRepeated(
        options.map(({ value }) => value),
        (value) => context.addIssue(`the value ${String(value)} occurs twice`),
      ),
    );

const chosen = {
  custom_id: customId,
  placeholder: z.string().max(150).optional(),
  min_values: z.int().min(0).max(25).optional(),
  max_values: z.int().min(1).max(25).optional(),
  id,
};
/** What a select of a message and one of a modal share. */
export const stringSelect = <T extends z.ZodRawShape>(more: T) =>
  z
    .strictObject({ type: z.literal(Type.StringSelect), options: selectOptions(1, 25), ...chosen, ...more })
    .superRefine((select, context) => {
      const {
        min_values = 1,
        max_values = 1,
        options,
      } = select as unknown as {
        min_values?: number;
        max_values?: number;
        options: { default?: boolean }[];
      };
      if (min_values > max_values) context.addIssue('min_values is above max_values');
      if (min_values > options.length) context.addIssue('min_values is above the number of options');
      if (options.filter((option) => option.default).length > max_values)
        context.addIssue('more defaults than max_values');
    });

const row = z
  .strictObject({
    type: z.literal(Type.ActionRow),
    id,
    components: z
      .array(z.discriminatedUnion('type', [button, stringSelect({ disabled: z.boolean().optional() })]))
      .min(1)
      .max(5),
  })
  .refine(
    ({ components }) => components.length === 1 || components.every(({ type }) => type === Type.Button),
    'a select stands alone in its row',
  );

/** Text that is shown between other components, in messages and modals. */
export const textDisplay = z.strictObject({
  type: z.literal(Type.TextDisplay),
  id,
  content: z
    .string()
    .max(TEXT_TOTAL_MAX)
    .refine((content) => content.trim() !== '', 'shows nothing'),
});

const media = z.strictObject({
  url: z.string().regex(/^(https?|attachment):\/\/\S+$/, 'no address of a picture'),
});
const described = { description: z.string().min(1).max(1024).optional(), spoiler: z.boolean().optional() };
const thumbnail = z.strictObject({ type: z.literal(Type.Thumbnail), id, media, ...described });

const section = z.strictObject({
  type: z.literal(Type.Section),
  id,
  components: z.array(textDisplay).min(1).max(3),
  accessory: z.discriminatedUnion('type', [button, thumbnail]),
});

const inContainer = [
  row,
  textDisplay,
  section,
  z.strictObject({
    type: z.literal(Type.MediaGallery),
    id,
    items: z
      .array(z.strictObject({ media, ...described }))
      .min(1)
      .max(10),
  }),
  z.strictObject({
    type: z.literal(Type.File),
    id,
    file: z.strictObject({ url: z.string().regex(/^attachment:\/\/[\w.-]+$/, 'no attachment') }),
    spoiler: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal(Type.Separator),
    id,
    divider: z.boolean().optional(),
    spacing: z.union([z.literal(1), z.literal(2)]).optional(),
  }),
] as const;

const container = z.strictObject({
  type: z.literal(Type.Container),
  id,
  accent_color: z.int().min(0).max(0xffffff).nullish(),
  spoiler: z.boolean().optional(),
  components: z.array(z.discriminatedUnion('type', [...inContainer])).min(1),
});

interface Component {
  [key: string]: unknown;
}

/** Every component of a tree, whatever holds it. */
export function everyComponent(node: unknown): Component[] {
  if (Array.isArray(node)) return node.flatMap(everyComponent);
  if (typeof node !== 'object' || node === null) return [];
  const { components, accessory, component } = node as Component;
  return [node as Component, ...everyComponent([components, accessory, component].filter(Boolean))];
}

/** Numbers and custom ids that occur twice. */
export function checkIds(tree: unknown, context: z.core.$RefinementCtx): void {
  const all = everyComponent(tree);
  for (const key of ['id', 'custom_id'])
    findRepeated(
      all.map((component) => (component[key] === 0 ? undefined : component[key])),
      (value) => context.addIssue(`the ${key} ${String(value)} occurs twice`),
    );
}

/** The components of a message of version 2. */
export const displayComponents = z
  .array(z.discriminatedUnion('type', [...inContainer, container]))
  .min(1)
  .superRefine((tree, context) => {
    const all = everyComponent(tree);
    if (all.length > TOTAL_MAX) context.addIssue(`${all.length} components in all, more than ${TOTAL_MAX}`);
    const text = all.reduce(
      (sum, { type, content }) => sum + (type === Type.TextDisplay ? String(content).length : 0),
      0,
    );
    if (text > TEXT_TOTAL_MAX) context.addIssue(`${text} characters in all, more than ${TEXT_TOTAL_MAX}`);
    checkIds(tree, context);
  });

/** The components of a message of version 1. */
export const rows = z.array(row).max(5).superRefine(checkIds);
