import {
  type Block,
  type Inline,
  inlines,
  type Message,
  type Text,
  type Tone,
} from '../../src/core/message.ts';
import { tableLines } from '../../src/core/plain-table.ts';
import {
  inlineText,
  type PlainTextOptions,
  plainInline,
  plainText,
  progressBar,
} from '../../src/core/plain-text.ts';
import { toneOfState } from '../../src/core/state-tone.ts';
import { foldedLine, type Line, type Piece, type Style } from './styled.ts';

type Table = Block & { kind: 'table' };

/** Columns of tables that say how something is, by their heads. */
const STATES: ReadonlySet<string> = new Set(['status', 'how']);
/** A line of a log that tells of a failure: the head of a traceback, the error that ends it, a level. Each part is bounded. */
const FAILURE =
  /^Traceback \(most recent call last\)|\b[A-Za-z][A-Za-z0-9_.]{0,60}(?:Error|Exception)\b|\b(?:ERROR|CRITICAL|FATAL)\b/;

/** A message in lines for a terminal, its words as in `plainText`; with a width no line of ours is longer, but for a word that is. */
export function linesOf({ blocks, tone }: Message, options: PlainTextOptions): Line[] {
  const first = blocks.findIndex(({ kind }) => kind === 'heading' || kind === 'text');
  return blocks.flatMap((block, index) =>
    blockLines(block, index === first ? styleOfTone(tone) : undefined, options),
  );
}

function blockLines(block: Block, style: Style | undefined, options: PlainTextOptions): Line[] {
  switch (block.kind) {
    case 'heading':
      return prose(block.text, style ?? 'strong', options);
    case 'text':
      return prose(block.text, style, options);
    case 'fields':
      return block.fields.flatMap(({ name, value }) =>
        broken([{ text: `${name}: `, style: 'quiet' }, ...piecesOf(value, undefined, options)], options),
      );
    case 'progress':
      return progressLines(block, options);
    case 'table':
      return tableOf(block, options);
    case 'code':
      return block.text.split('\n').map(lineOfLog);
    case 'image':
    case 'file':
      return broken([{ text: plainText({ blocks: [block] }, options), style: 'quiet' }], options);
    // There is nothing to press: commands are typed.
    case 'buttons':
    case 'divider':
      return [];
  }
}

/** A line of a log, or of what else stands as it is. */
export function lineOfLog(text: string): Line {
  return [{ text, style: FAILURE.test(text) ? 'bad' : undefined }];
}

/** What is as usual is not painted: colours are for what is to be seen. */
function styleOfTone(tone: Tone | undefined): Style | undefined {
  return tone === 'bad' || tone === 'warning' || tone === 'good' ? tone : undefined;
}

function prose(text: Text, style: Style | undefined, options: PlainTextOptions): Line[] {
  const lines = broken(piecesOf(text, style, options), options);
  return lines.length === 1 && lines[0]!.every((piece) => piece.text === '') ? [] : lines;
}

function piecesOf(text: Text, style: Style | undefined, options: PlainTextOptions): Piece[] {
  return inlines(text).map((piece) => ({
    text: inlineText(piece, options),
    style: style ?? styleOf(piece),
  }));
}

function styleOf(piece: Inline): Style | undefined {
  if (typeof piece === 'string') return undefined;
  if ('bold' in piece) return 'strong';
  return 'code' in piece || 'command' in piece ? 'name' : undefined;
}

/** Pieces that may hold line ends, in lines of the terminal's width. */
function broken(pieces: readonly Piece[], { width }: PlainTextOptions): Line[] {
  const lines: Piece[][] = [[]];
  for (const { text, style } of pieces) {
    const [first = '', ...more] = text.split('\n');
    lines.at(-1)!.push({ text: first, style });
    lines.push(...more.map((each) => [{ text: each, style }]));
  }
  return width === undefined ? lines : lines.flatMap((line) => foldedLine(line, width, true));
}

function progressLines({ label, fraction }: Block & { kind: 'progress' }, options: PlainTextOptions): Line[] {
  const said = plainInline(label, options);
  if (fraction === null) return broken([{ text: said }], options);
  const { done, open } = progressBar(fraction);
  const bar: Piece[] = [
    { text: '[' },
    { text: done, style: 'active' },
    { text: open, style: 'quiet' },
    { text: `] ${said}` },
  ];
  return broken(bar, options);
}

function tableOf({ columns, rows }: Table, options: PlainTextOptions): Line[] {
  const words = rows.map((row) => row.map((cell) => plainInline(cell, options)));
  const styles = rows.map((row, at) =>
    row.map((cell, column) =>
      STATES.has(columns[column]!) ? toneOfState(words[at]![column]!) : styleOfCell(cell),
    ),
  );
  return tableLines([columns, ...words], options.width).map((line) =>
    line.map(({ text, row, column, isLabel }) => ({
      text,
      style: row === 0 || isLabel ? 'quiet' : (styles[row - 1]![column] as Style | undefined),
    })),
  );
}

/** A cell that is a name alone is drawn as one. */
function styleOfCell(cell: Text): Style | undefined {
  const pieces = inlines(cell);
  return pieces.length === 1 ? styleOf(pieces[0]!) : undefined;
}
