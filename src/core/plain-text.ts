import { type Block, type FileRef, type Inline, inlines, type Message, type Text } from './message.ts';
import { tableText } from './plain-table.ts';
import { durationText } from './time.ts';
import { bytesText } from './units.ts';

export interface PlainTextOptions {
  /** Epoch milliseconds that relative times count from; without it they are shown as clock times. */
  now?: number;
  /** IANA zone of the reader, `UTC` by default. */
  timezone?: string;
  /** Clock times say their zone. */
  namesZone?: boolean;
  /** How many columns the reader's terminal has; tables fit it as far as their words allow. Any number by default. */
  width?: number;
  /** Where a file lies for a reader on this host; without it only its name is given. */
  pathOf?(ref: FileRef): string | undefined;
}

const PROGRESS_CELLS = 20;

/** A message as plain text, for terminals, fallbacks and tests: derived from the message, never written by hand. */
export function plainText(message: Message, options: PlainTextOptions = {}): string {
  return message.blocks
    .map((block) => blockText(block, options))
    .filter((text) => text !== '')
    .join('\n');
}

/** Running text without markup. */
export function plainInline(text: Text, options: PlainTextOptions = {}): string {
  return inlines(text)
    .map((piece) => inlineText(piece, options))
    .join('');
}

/** An instant in the reader's zone, as `2026-11-23 15:24`, with seconds or without the date on request. */
export function formatTime(epochMs: number, style: 'clock' | 'datetime', timezone = 'UTC'): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(epochMs);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const clock = `${part('hour')}:${part('minute')}:${part('second')}`;
  return style === 'clock' ? clock : `${part('year')}-${part('month')}-${part('day')} ${clock}`;
}

/** A piece of running text as words alone. */
export function inlineText(
  piece: Inline,
  { now, timezone = 'UTC', namesZone = false }: PlainTextOptions,
): string {
  if (typeof piece === 'string') return piece;
  if ('bold' in piece) return piece.bold;
  if ('code' in piece) return piece.code;
  if ('command' in piece) return piece.command;
  if ('hint' in piece) return piece.hint;
  if ('link' in piece) return piece.label === piece.link ? piece.link : `${piece.label} (${piece.link})`;
  if ('mention' in piece) return `@${piece.name}`;
  // What was, and lies ahead of a clock that was set back, was not so long ago.
  if (piece.style !== 'relative' || now === undefined || piece.time > now)
    return `${formatTime(piece.time, piece.style === 'clock' ? 'clock' : 'datetime', timezone)}${namesZone ? ` ${timezone}` : ''}`;
  return `${durationText(now - piece.time)} ago`;
}

function blockText(block: Block, options: PlainTextOptions): string {
  const inline = (text: Text) => plainInline(text, options);
  switch (block.kind) {
    case 'heading':
    case 'text':
      return inline(block.text);
    case 'fields':
      return block.fields.map(({ name, value }) => `${name}: ${inline(value)}`).join('\n');
    case 'progress':
      return progressText(inline(block.label), block.fraction);
    case 'table':
      return tableText([block.columns, ...block.rows.map((row) => row.map(inline))], options.width);
    case 'code':
      return block.text;
    case 'image':
      return `[image: ${block.alt}]${place(block.image, options)}`;
    case 'file':
      return `[file: ${block.name}, ${bytesText(block.bytes)}]${place(block.file, options)}`;
    case 'divider':
      return '';
    case 'buttons':
      return block.buttons.map(({ label }) => `[${label}]`).join(' ');
  }
}

/** Where a file lies, with a blank before it. */
export function place(file: FileRef, { pathOf }: PlainTextOptions): string {
  const path = pathOf?.(file);
  return path === undefined ? '' : ` ${path}`;
}

function progressText(label: string, fraction: number | null): string {
  if (fraction === null) return label;
  const { done, open } = progressBar(fraction);
  return `[${done}${open}] ${label}`;
}

/** A bar of so many characters: what of it is done, and the rest. `fraction`: 0 to 1. */
export function progressBar(fraction: number): { done: string; open: string } {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * PROGRESS_CELLS);
  return { done: '#'.repeat(full), open: '.'.repeat(PROGRESS_CELLS - full) };
}
