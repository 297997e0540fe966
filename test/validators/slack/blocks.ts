import { z } from 'zod';
import { findRepeated } from '../problems.ts';
import { actionElement, inputElement } from './elements.ts';
import { hasOneSource, id, imageSource, plain, textObject } from './objects.ts';
import { richText, shownText } from './rich-text.ts';

/** Blocks (@slack/types 3.2.0, docs.slack.dev): what each holds, how many there may be, and where each may stand. */
export const TABLE_TEXT_MAX = 10_000;
/**
 * A message's blocks as JSON; near 13,200 `msg_blocks_too_long` was seen (bolt-js#2509). What a table holds is limited by
 * its text instead: 100 rows of 20 cells, which the reference allows, have more JSON around them than that.
 */
export const BLOCKS_SIZE_MAX = 13_200;

const ALT_TEXT_MAX = 2000;
const block_id = id.optional();

const image = z
  .strictObject({
    type: z.literal('image'),
    block_id,
    alt_text: z.string().min(1).max(ALT_TEXT_MAX),
    title: plain(2000).optional(),
    ...imageSource,
  })
  .refine(hasOneSource, 'either image_url or slack_file');

const contextImage = z
  .strictObject({ type: z.literal('image'), alt_text: z.string().min(1).max(ALT_TEXT_MAX), ...imageSource })
  .refine(hasOneSource, 'either image_url or slack_file');

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id,
    text: textObject().optional(),
    fields: z.array(textObject(2000)).min(1).max(10).optional(),
    accessory: actionElement.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'needs text or fields');

const actions = z
  .strictObject({ type: z.literal('actions'), block_id, elements: z.array(actionElement).min(1).max(25) })
  .superRefine(({ elements }, context) =>
    findRepeated(
      elements.map(({ action_id }) => action_id),
      (value) => context.addIssue(`the action_id ${String(value)} occurs twice`),
    ),
  );

const cell = z.discriminatedUnion('type', [
  richText,
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) }),
]);
const table = z
  .strictObject({
    type: z.literal('table'),
    block_id,
    rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
    column_settings: z
      .array(
        z.strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(20)
      .optional(),
  })
  .superRefine(({ rows, column_settings = [] }, context) => {
    const width = rows[0]!.length;
    if (rows.some((row) => row.length !== width)) context.addIssue('rows of several widths');
    if (column_settings.length > width) context.addIssue('settings of more columns than there are');
    const text = shownText(rows);
    if (text > TABLE_TEXT_MAX)
      context.addIssue(`${text} characters in all cells, more than ${TABLE_TEXT_MAX}`);
  });

const input = z.strictObject({
  type: z.literal('input'),
  block_id,
  label: plain(2000),
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});

const everywhere = [
  z.strictObject({ type: z.literal('divider'), block_id }),
  z.strictObject({ type: z.literal('header'), block_id, text: plain(150) }),
  z.strictObject({
    type: z.literal('context'),
    block_id,
    elements: z
      .array(z.discriminatedUnion('type', [contextImage, ...textObject().options]))
      .min(1)
      .max(10),
  }),
  richText,
  image,
  section,
  actions,
] as const;

export interface Block {
  type: string;
}

const ONLY_ONE_TABLE = 'only_one_table_allowed';

function checkTogether(
  blocks: readonly { type: string; block_id?: string | undefined }[],
  context: z.core.$RefinementCtx,
) {
  findRepeated(
    blocks.map((block) => block.block_id),
    (value) => context.addIssue(`the block_id ${String(value)} occurs twice`),
  );
  if (blocks.filter(({ type }) => type === 'table').length > 1) context.addIssue(ONLY_ONE_TABLE);
  if (sizeOf(blocks) > BLOCKS_SIZE_MAX)
    context.addIssue(`msg_blocks_too_long: ${sizeOf(blocks)}, more than ${BLOCKS_SIZE_MAX}`);
}

/** What blocks count: their JSON, of a table its text alone. */
export function sizeOf(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, block) => sum + (block.type === 'table' ? shownText(block) : JSON.stringify(block).length),
    0,
  );
}

export const messageBlocks = z
  .array(
    z.discriminatedUnion('type', [
      ...everywhere,
      table,
      z.strictObject({ type: z.literal('markdown'), block_id, text: z.string().min(1).max(12_000) }),
    ]),
  )
  .min(1)
  .max(50)
  .superRefine(checkTogether);

function viewBlocks<T extends z.ZodType<{ type: string; block_id?: string | undefined }>>(block: T) {
  return z
    .array(block)
    .max(100)
    .superRefine((blocks, context) => {
      findRepeated(
        blocks.map(({ block_id }) => block_id),
        (value) => context.addIssue(`the block_id ${String(value)} occurs twice`),
      );
      const focused = JSON.stringify(blocks).split('"focus_on_load":true').length - 1;
      if (focused > 1) context.addIssue('focus_on_load more than once');
    });
}

export const modalBlocks = viewBlocks(z.discriminatedUnion('type', [...everywhere, input])).min(1);
export const homeBlocks = viewBlocks(z.discriminatedUnion('type', [...everywhere, input]));
