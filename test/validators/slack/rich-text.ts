import { z } from 'zod';
import { id } from './objects.ts';

/** Rich text (@slack/types 3.2.0): nothing in it is parsed, so that only what is tagged acts. */
const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
    underline: z.boolean().optional(),
  })
  .optional();
const filled = z.string().min(1);

const text = z.strictObject({ type: z.literal('text'), text: filled, style });
const link = z.strictObject({
  type: z.literal('link'),
  url: z.string().regex(/^(https?:\/\/|mailto:)\S+$/, 'no web address'),
  text: filled.optional(),
  unsafe: z.boolean().optional(),
  style,
});
/** docs.slack.dev, "Date formatting": a format names at least one of the tokens. */
const DATE_TOKEN =
  /\{(day_divider_pretty|date_num|date_slash|date_long|date_long_full|date_long_pretty|date|date_pretty|date_short|date_short_pretty|time|time_secs|ago)\}/;

const element = z.discriminatedUnion('type', [
  text,
  link,
  z.strictObject({ type: z.literal('user'), user_id: z.string().regex(/^[UW][A-Z0-9]+$/), style }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string().regex(/^[CDG][A-Z0-9]+$/), style }),
  z.strictObject({ type: z.literal('emoji'), name: z.string().regex(/^[a-z0-9_+'-]+$/), style }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: z.string().regex(DATE_TOKEN, 'a format names a token'),
    url: z.url().optional(),
    fallback: filled.optional(),
    style,
  }),
]);
const border = z.union([z.literal(0), z.literal(1)]).optional();
const section = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(element).min(1),
});

const part = z.discriminatedUnion('type', [
  section,
  z.strictObject({
    type: z.literal('rich_text_list'),
    elements: z.array(section).min(1),
    style: z.enum(['bullet', 'ordered']),
    indent: z.int().min(0).max(8).optional(),
    offset: z.int().min(0).optional(),
    border,
  }),
  z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(element).min(1), border }),
  z.strictObject({
    type: z.literal('rich_text_preformatted'),
    elements: z.array(z.discriminatedUnion('type', [text, link])).min(1),
    border,
    language: z.string().optional(),
  }),
]);

export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: id.optional(),
  elements: z.array(part).min(1),
});

/** The characters that a piece of Block Kit shows as text. */
export function shownText(node: unknown): number {
  if (Array.isArray(node)) return node.reduce((sum: number, each) => sum + shownText(each), 0);
  if (typeof node !== 'object' || node === null) return 0;
  return Object.entries(node).reduce(
    (sum, [key, value]) =>
      sum + (key === 'text' && typeof value === 'string' ? value.length : shownText(value)),
    0,
  );
}
