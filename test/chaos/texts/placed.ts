import { characterStart } from '../../../src/core/characters.ts';
import type { Typing } from '../../../src/core/command-line.ts';
import { forReaders } from '../../../src/core/for-readers.ts';
import type { Message } from '../../../src/core/message.ts';
import { legible } from '../../../src/core/unseen.ts';
import { pick, type Random, random } from '../../hostile-texts.ts';

/** A message that holds a text in one place, and what of it is to be seen there. */
export interface Placed {
  place: string;
  message: Message;
  /** What a reader is to see, as far as there is room; white space aside. */
  seen: string;
  /** The formatting that is ours there. */
  formatting: readonly string[];
}

/** Commands as they are called everywhere. */
export const TYPING: Typing = { at: () => (line) => line, spell: (_adapter, words) => words };

/** A text in every place of a message that may hold one, as readers are given it. */
export function placed(text: string, seed: number): Placed[] {
  const cut = pieces(random(seed), text);
  const places: Placed[] = [
    { place: 'text', message: of({ kind: 'text', text }), seen: text, formatting: [] },
    {
      place: 'text in pieces',
      message: of({ kind: 'text', text: cut }),
      seen: plain(cut),
      formatting: [],
    },
    {
      place: 'styles beside each other',
      message: of({ kind: 'text', text: [{ bold: text }, text, { bold: text }, { bold: 'x' }] }),
      seen: `${legible(text).repeat(3)}x`,
      formatting: ['bold'],
    },
    {
      place: 'code',
      message: of({ kind: 'text', text: ['see ', { code: text }, { code: 'x' }, ' now'] }),
      seen: `see ${text}x now`,
      formatting: ['code'],
    },
    {
      place: 'a name that is mentioned',
      message: of({ kind: 'text', text: ['for ', { mention: 'nobody', name: text }, '.'] }),
      seen: `for @${text}.`,
      formatting: [],
    },
    {
      place: 'a label of what is no address',
      message: of({ kind: 'text', text: [{ link: `javascript:${text}`, label: text }] }),
      seen: text,
      formatting: [],
    },
    { place: 'heading', message: of({ kind: 'heading', text }), seen: text, formatting: ['heading'] },
    {
      place: 'fields',
      message: of({ kind: 'fields', fields: [{ name: text, value: text }] }),
      seen: `${text} ${text}`,
      formatting: ['bold'],
    },
    {
      place: 'progress',
      message: of({ kind: 'progress', label: text, fraction: null }),
      seen: text,
      formatting: [],
    },
    {
      place: 'table',
      message: of({ kind: 'table', columns: ['', 'name', text], rows: [['1', text, { code: text }]] }),
      seen: text,
      formatting: ['bold', 'code', 'code block', 'subtext'],
    },
    { place: 'block of code', message: of({ kind: 'code', text }), seen: text, formatting: ['code block'] },
    {
      place: 'picture',
      message: of({ kind: 'image', image: { file: 'a.png' }, alt: text, width: 2, height: 1 }),
      seen: text,
      formatting: [],
    },
    {
      place: 'button',
      message: of({ kind: 'buttons', buttons: [{ label: text, command: 'status', options: {} }] }),
      seen: text,
      formatting: [],
    },
  ];
  return places.map((each) => ({ ...each, message: forReaders(each.message, TYPING, 'x') }));
}

function of(block: Message['blocks'][number]): Message {
  return { blocks: [block] };
}

/** The same text in several pieces, cut anywhere. */
function pieces(next: Random, text: string): readonly (string | { hint: string })[] {
  const cuts = [
    0,
    ...Array.from({ length: 1 + next(4) }, () => characterStart(text, next(text.length + 1))),
    text.length,
  ].sort((a, b) => a - b);
  const parts = cuts.slice(1).map((at, index) => text.slice(cuts[index], at));
  return parts.map((part) => (pick(next, [true, false, false]) ? { hint: part } : part));
}

/** All in one line, without what keeps words apart that would act together. */
export function words(text: string): string {
  return legible(text).replaceAll('\u200b', '').replace(/\s+/g, '');
}

/** Whether what is shown is what was written, or its beginning or end where the rest had no room. */
export function says(shown: string, written: string): boolean {
  const [is, was] = [words(shown), words(written)];
  if (is === was) return true;
  if (is.endsWith('…') && was.startsWith(is.slice(0, -1))) return true;
  return is.startsWith('…') && was.endsWith(is.slice(1));
}

/** The words of pieces, each as its reader is shown it. */
function plain(pieces: readonly (string | { hint: string })[]): string {
  return pieces.map((piece) => legible(typeof piece === 'string' ? piece : piece.hint)).join('');
}
