import type { ActionsBlock, AnyBlock, RichTextBlock, Button as SlackButton, TableBlock } from '@slack/types';
import type { Actions } from '../../src/core/adapter-ports.ts';
import { beginning, clip, clipStart } from '../../src/core/clip.ts';
import { clipText, progressBar } from '../../src/core/fit.ts';
import {
  type Block,
  type Button,
  type FileRef,
  inlines,
  type Message,
  type Text,
  type Tone,
} from '../../src/core/message.ts';
import { plainInline, plainText } from '../../src/core/plain-text.ts';
import {
  ALT_TEXT_MAX,
  BLOCKS_MAX,
  BLOCKS_SIZE_MAX,
  BUTTON_TEXT_MAX,
  BUTTONS_MAX,
  HEADER_MAX,
  TEXT_MAX,
} from './limits.ts';
import { type InColumns, tableBlock, tableSize, tablesInColumns } from './table.ts';
import { section, type TextContext, textElements, toSlackText } from './text.ts';

export interface RenderContext extends TextContext {
  actions: Actions;
  /** Slack's id of an uploaded image; undefined where it could not be had. */
  imageId(file: FileRef): string | undefined;
  /** Zone of times in the fallback text, which Slack shows to everybody alike. */
  timezone: string;
  now: number;
  surface: 'message' | 'home';
  /** How the rest is had where not all fits; null: it is not, since it could not be attached. */
  rest?: string | null | undefined;
}

/** A message as Slack takes it. */
export interface Rendered {
  /** For notifications and screen readers, escaped. */
  text: string;
  blocks: AnyBlock[];
  /** The whole message as plain text, where not all of it fits; to be attached. */
  overflow: string | undefined;
  /** What had to be shown differently, for the log. */
  degraded: string[];
}

/** What stands before the first line of a message of some tone: by Slack's name, and as the character for plain text. */
const TONE_EMOJI: Partial<Record<Tone, { name: string; character: string }>> = {
  active: { name: 'large_blue_circle', character: '\u{1F535}' },
  good: { name: 'large_green_circle', character: '\u{1F7E2}' },
  warning: { name: 'warning', character: '\u26A0\uFE0F' },
  bad: { name: 'red_circle', character: '\u{1F534}' },
};
/** The most characters that one text, code or table block shows, tried from the left until the message fits. */
const BUDGETS = [Number.POSITIVE_INFINITY, 6_000, 3_000, 1_500, 700, 250];
/** How what does not fit is had. */
const REST = { message: 'the whole text is attached', home: 'ask for it in a channel' } as const;
/** Room that is kept for saying that there is more. */
const NOTE_BLOCKS = 1;

/** Renders a message for Slack. Pure: the same message gives the same blocks. */
export function render(message: Message, context: RenderContext): Rendered {
  const plain = plainText(message, { timezone: context.timezone, now: context.now });
  const inColumns = tablesInColumns(context);
  const degraded: string[] = [];
  for (const budget of BUDGETS) {
    const cuts: string[] = [];
    const all = blocksOf(message, context, budget, cuts, inColumns);
    const room = BLOCKS_MAX[context.surface] - NOTE_BLOCKS;
    const blocks = all.slice(0, room);
    if (all.length > room) cuts.push(`${all.length - room} blocks`);
    if (sizeOf(blocks) > BLOCKS_SIZE_MAX && budget !== BUDGETS.at(-1)) continue;
    while (sizeOf(blocks) > BLOCKS_SIZE_MAX) {
      blocks.pop();
      cuts.push('a block');
    }
    if (cuts.length === 0) return { text: fallback(plain), blocks, overflow: undefined, degraded };
    degraded.push(...cuts);
    const { rest = REST[context.surface] } = context;
    const more = rest === null ? 'There is more than fits here.' : `There is more: ${rest}.`;
    blocks.push({ type: 'rich_text', elements: [section([{ bold: more }], context)] });
    return { text: fallback(plain), blocks, overflow: plain, degraded };
  }
  throw new Error('unreachable: the last budget returns');
}

/** The text that notifications show; Slack cuts nothing of it. */
function fallback(plain: string): string {
  let cut = plain;
  while (toSlackText(cut).length > TEXT_MAX) cut = beginning(cut, Math.floor(cut.length * 0.9));
  return toSlackText(cut) || ' ';
}

function blocksOf(
  message: Message,
  context: RenderContext,
  budget: number,
  cuts: string[],
  inColumns: InColumns,
): AnyBlock[] {
  // One table a message: the one with the most in it.
  const [native] = message.blocks
    .filter((block) => block.kind === 'table' && context.surface === 'message')
    .toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
  const emoji = message.tone && TONE_EMOJI[message.tone];
  const head = message.blocks.findIndex(({ kind }) => HEADS.includes(kind));
  return message.blocks.flatMap((block, index): AnyBlock[] => {
    const mark = index === head ? emoji : undefined;
    return blockOf(block, { index, context, budget, cuts, mark, native, inColumns });
  });
}

type Table = Block & { kind: 'table' };
type Mark = NonNullable<(typeof TONE_EMOJI)[Tone]>;

/** What a message's tone can be said of: the first of these is its first line. */
const HEADS: readonly Block['kind'][] = ['heading', 'text', 'progress'];

function marked(text: string, mark: Mark | undefined): string {
  return mark === undefined ? text : `${mark.character} ${text}`;
}

interface Place {
  /** Which of the message's blocks it is. */
  index: number;
  context: RenderContext;
  budget: number;
  cuts: string[];
  mark: Mark | undefined;
  native: Block | undefined;
  inColumns: InColumns;
}

function blockOf(block: Block, place: Place): AnyBlock[] {
  const { context, budget, cuts, mark } = place;
  switch (block.kind) {
    case 'heading': {
      const text = plainInline(block.text, { timezone: context.timezone, now: context.now });
      return [
        {
          type: 'header',
          text: { type: 'plain_text', text: clip(marked(text, mark), HEADER_MAX) || ' ', emoji: false },
        },
      ];
    }
    case 'text':
      return [paragraph(shortened(block.text, budget, cuts), mark, context)];
    case 'fields':
      return block.fields.length === 0 ? [] : [fieldsBlock(block.fields, budget, cuts, context)];
    case 'progress':
      return [paragraph(progressText(block.label, block.fraction), mark, context)];
    case 'table':
      return [tableBlocks(block, place)];
    case 'code':
      if (block.text.length > budget) cuts.push('the beginning of code');
      return [codeBlock(clipStart(block.text, budget))];
    case 'image':
      return [imageBlock(block, place)];
    case 'file':
      return [paragraph([{ code: block.name }, ` (${block.bytes} bytes)`], mark, context)];
    case 'divider':
      return [{ type: 'divider' }];
    case 'buttons':
      return block.buttons.length === 0 ? [] : buttonBlocks(block.buttons, context.actions);
  }
}

function paragraph(text: Text, mark: Mark | undefined, context: TextContext): RichTextBlock {
  const { elements } = section(text, context);
  const marks =
    mark === undefined
      ? []
      : [
          { type: 'emoji' as const, name: mark.name },
          { type: 'text' as const, text: ' ' },
        ];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [...marks, ...elements] }] };
}

function fieldsBlock(
  fields: readonly { name: string; value: Text }[],
  budget: number,
  cuts: string[],
  context: TextContext,
): RichTextBlock {
  const elements = fields.flatMap(({ name, value }, index) => [
    { type: 'text' as const, text: `${index > 0 ? '\n' : ''}${name}` || ' ', style: { bold: true } },
    { type: 'text' as const, text: '  ' },
    ...textElements(shortened(value, budget, cuts), context),
  ]);
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function progressText(label: Text, fraction: number | null): Text {
  return [progressBar(fraction), ...inlines(label)];
}

/** The most characters of a block of code that stands in place of a table. */
const CODE_TABLE_MAX = 12_000;

/** As Slack's own table where it is the one that a message may have, and holds it; else as text in columns. */
function tableBlocks(block: Table, { budget, cuts, native, inColumns, context }: Place): AnyBlock {
  const lost: string[] = [];
  const table = block === native ? tableBlock(block, budget, lost, context) : undefined;
  if (table && lost.length === 0) return table;
  const { text, isWhole } = inColumns(block);
  const most = Math.min(budget, CODE_TABLE_MAX);
  if (text.length <= most && (isWhole || !table)) return codeBlock(text);
  if (table) {
    cuts.push(...lost);
    return table;
  }
  cuts.push('the end of a table');
  return codeBlock(text.slice(0, Math.max(0, text.lastIndexOf('\n', most))) || beginning(text, most));
}

/** What a message's blocks count: their JSON, of a table its text. */
function sizeOf(blocks: readonly AnyBlock[]): number {
  return blocks.reduce(
    (sum, block) =>
      sum + (block.type === 'table' ? tableSize(block as TableBlock) : JSON.stringify(block).length),
    0,
  );
}

function codeBlock(text: string): AnyBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text || ' ' }] }],
  };
}

function imageBlock(block: Block & { kind: 'image' }, { index, context, cuts }: Place): AnyBlock {
  const id = context.imageId(block.image);
  if (id !== undefined)
    return {
      type: 'image',
      slack_file: { id },
      alt_text: clip(block.alt, ALT_TEXT_MAX) || ' ',
      // Another picture has another id, or Slack goes on showing the old one.
      block_id: `image-${index}-${id}`,
    };
  cuts.push('an image');
  return paragraph(`[${block.alt}]`, undefined, context);
}

/** Buttons in rows as Slack takes them; what each does stands behind its id. */
function buttonBlocks(buttons: readonly Button[], actions: Actions): ActionsBlock[] {
  const elements = buttons.map(({ label, command, options, style, form, replaces }, index): SlackButton => {
    const id = actions.idOf({ command, options, form: form === true, replaces: replaces === true });
    return {
      type: 'button',
      text: { type: 'plain_text', text: clip(label, BUTTON_TEXT_MAX), emoji: false },
      action_id: `act:${index}`,
      value: id,
      ...(style === 'primary' || style === 'danger' ? { style } : {}),
    };
  });
  const rows: ActionsBlock[] = [];
  for (let at = 0; at < elements.length; at += BUTTONS_MAX)
    rows.push({ type: 'actions', elements: elements.slice(at, at + BUTTONS_MAX) });
  return rows;
}

function shortened(text: Text, budget: number, cuts: string[]): Text {
  const clipped = clipText(text, budget);
  if (clipped.cut) cuts.push('the end of a text');
  return clipped.text;
}
