import {
  type APIButtonComponent,
  type APIContainerComponent,
  ButtonStyle,
  ComponentType,
} from 'discord-api-types/v10';
import type { Actions } from '../../src/core/adapter-ports.ts';
import { clip, clipStart } from '../../src/core/clip.ts';
import { clipText, progressBar } from '../../src/core/fit.ts';
import type { Block, Button, FileRef, Message, Text } from '../../src/core/message.ts';
import { TONES_ANYWHERE } from '../../src/core/palette.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { type Attached, type Components, dropUntilFits, fits, shownOf, withOverflow } from './fitting.ts';
import { ALT_TEXT_MAX, BUTTON_LABEL_MAX, ROW_BUTTONS_MAX } from './limits.ts';
import { NOTHING, type TableForm, tableContent } from './table.ts';
import { codeBlock, markdown, mentioned, type TextContext } from './text.ts';

export interface RenderContext extends TextContext {
  actions: Actions;
  /** Zone of times in what is attached as plain text. */
  timezone: string;
  now: number;
  /** Where the discussion of a card goes on, when it is not in the card's own thread. */
  discussion?: string | undefined;
  /** What does not fit could not be attached. */
  restIsLost?: boolean;
}

/** A message as Discord takes it: one container of components (IS_COMPONENTS_V2), with its files. */
export interface Rendered {
  container: APIContainerComponent;
  files: Attached[];
  /** The only accounts that may be told of it. */
  mentions: string[];
  /** What had to be shown differently, for the log. */
  degraded: string[];
}

const BUTTON_STYLES = {
  default: ButtonStyle.Secondary,
  primary: ButtonStyle.Primary,
  danger: ButtonStyle.Danger,
} as const;
interface Plan {
  /** The most characters that one text, code or table shows. */
  budget: number;
  tables: TableForm;
}
/** Tried from the left until the message fits: what may be written shorter is, before anything is cut. */
const PLANS: readonly Plan[] = [
  { budget: Number.POSITIVE_INFINITY, tables: 'labelled' },
  ...[Number.POSITIVE_INFINITY, 2_400, 1_200, 600, 300, 120].map(
    (budget): Plan => ({ budget, tables: 'bare' }),
  ),
];

/** Renders a message for Discord. Pure: the same message gives the same components. */
export function render(message: Message, context: RenderContext): Rendered {
  const { restIsLost = false } = context;
  const degraded: string[] = [];
  const whole = lazily(() => plainText(message, { timezone: context.timezone, now: context.now }));
  for (const plan of PLANS) {
    const cuts: string[] = [];
    const { components, files } = piecesOf(message, context, plan, cuts);
    if (context.discussion !== undefined)
      components.push({
        type: ComponentType.TextDisplay,
        content: `-# Discussion: <#${context.discussion}>`,
      });
    const isLast = plan === PLANS.at(-1);
    const full = withOverflow(components, files, cuts, whole, restIsLost);
    if (fits(full) || isLast) {
      if (isLast && !fits(full)) dropUntilFits(components, files, cuts, restIsLost);
      const { components: shown, files: attached } = isLast
        ? withOverflow(components, shownOf(files, components), cuts, whole, restIsLost)
        : full;
      degraded.push(...cuts);
      return {
        container: {
          type: ComponentType.Container,
          ...(message.tone ? { accent_color: TONES_ANYWHERE[message.tone] } : {}),
          components: shown,
        },
        files: attached,
        mentions: [
          ...new Set(
            message.blocks.flatMap((block) => textsOf(block).flatMap((text) => mentioned(text, context))),
          ),
        ],
        degraded,
      };
    }
  }
  throw new Error('unreachable: the last plan returns');
}

/** A value that is worked out when it is first asked for, and kept. */
function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function piecesOf(message: Message, context: RenderContext, plan: Plan, cuts: string[]) {
  const components: Components = [];
  const files: Attached[] = [];
  let buttons = 0;
  for (const block of message.blocks) {
    if (block.kind === 'image') {
      const media = { url: `attachment://${attached(files, block.image.file, block.image)}` };
      components.push({
        type: ComponentType.MediaGallery,
        items: [{ media, description: clip(block.alt, ALT_TEXT_MAX) || ' ' }],
      });
    } else if (block.kind === 'file') {
      const name = attached(files, safeName(block.name), block.file);
      components.push({ type: ComponentType.File, file: { url: `attachment://${name}` } });
    } else if (block.kind === 'divider') {
      components.push({ type: ComponentType.Separator });
    } else if (block.kind === 'buttons') {
      for (let at = 0; at < block.buttons.length; at += ROW_BUTTONS_MAX) {
        const row = block.buttons.slice(at, at + ROW_BUTTONS_MAX);
        components.push({
          type: ComponentType.ActionRow,
          components: row.map((button, index) => buttonOf(button, buttons + index, context.actions)),
        });
        buttons += row.length;
      }
    } else {
      const content = contentOf(block, context, plan, cuts);
      if (content.trim() !== '') components.push({ type: ComponentType.TextDisplay, content });
    }
  }
  // A message of nothing that is seen is still one: Discord takes none without a component.
  if (components.length === 0) components.push({ type: ComponentType.TextDisplay, content: NOTHING });
  return { components, files };
}

/** Adds a file once, under a name that is its own among the message's; returns the name. */
function attached(files: Attached[], name: string, file: FileRef): string {
  const known = files.find((each) => each.name === name);
  if (known && 'file' in known && known.file.file === file.file) return name;
  if (known) return attached(files, `_${name}`, file);
  files.push({ name, file });
  return name;
}

type TextBlock = Exclude<Block, { kind: 'image' | 'file' | 'divider' | 'buttons' }>;

function contentOf(
  block: TextBlock,
  context: RenderContext,
  { budget, tables }: Plan,
  cuts: string[],
): string {
  switch (block.kind) {
    case 'heading':
      return headingOf(markdown(block.text, context));
    case 'text':
      return markdown(shortened(block.text, budget, cuts), context);
    case 'fields':
      return block.fields
        .map(
          ({ name, value }) =>
            `${markdown([{ bold: name }], context)}  ${markdown(shortened(value, budget, cuts), context)}`,
        )
        .join('\n');
    case 'progress':
      return `${progressBar(block.fraction)}${markdown(block.label, context)}`;
    case 'table': {
      const table = tableContent(block, tables, budget, context);
      cuts.push(...table.cuts);
      return table.content;
    }
    case 'code': {
      if (block.text.length > budget) cuts.push('the beginning of code');
      return codeBlock(clipStart(block.text, budget));
    }
  }
}

function headingOf(text: string): string {
  const line = text.replaceAll('\n', ' ').trim();
  return line === '' ? '' : `### ${line}`;
}

function textsOf(block: Block): Text[] {
  switch (block.kind) {
    case 'heading':
    case 'text':
      return [block.text];
    case 'fields':
      return block.fields.map(({ value }) => value);
    case 'progress':
      return [block.label];
    default:
      return [];
  }
}

/** What a button does stands behind its id; the number makes two that do the same distinct. */
function buttonOf(
  { label, command, options, style = 'default', form, replaces }: Button,
  index: number,
  actions: Actions,
): APIButtonComponent {
  const id = actions.idOf({ command, options, form: form === true, replaces: replaces === true });
  return {
    type: ComponentType.Button,
    style: BUTTON_STYLES[style],
    label: clip(label, BUTTON_LABEL_MAX),
    custom_id: `act:${id}:${index}`,
  };
}

function shortened(text: Text, budget: number, cuts: string[]): Text {
  const clipped = clipText(text, budget);
  if (clipped.cut) cuts.push('the end of a text');
  return clipped.text;
}

/** A file's name as Discord keeps it in `attachment://`. */
function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_') || 'file';
}
