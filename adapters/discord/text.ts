import { type Inline, inlines, type PersonId, type Text } from '../../src/core/message.ts';
import { formatTime } from '../../src/core/plain-text.ts';

/** Discord's timestamp styles: relative, time with seconds, date and time. Each is shown in the reader's zone. */
const TIME_STYLES = { relative: 'R', clock: 'T', datetime: 'f' } as const;

export interface TextContext {
  /** A person's account on Discord, if they have one. */
  accountOf(person: PersonId): string | undefined;
}

/** A text as Discord's markdown, in which only what is tagged acts. */
export function markdown(text: Text, context: TextContext): string {
  let written = '';
  // Words that stand side by side are one text: what acts may be in two halves.
  let plain = '';
  const flush = () => {
    written = apart(written, literal(plain));
    plain = '';
  };
  for (const piece of inlines(text)) {
    const words = wordsOf(piece, context);
    if (words !== undefined) plain += words;
    else {
      flush();
      written = apart(written, tagged(piece, context));
    }
  }
  flush();
  return written;
}

/** Two pieces of markdown one behind the other. The signs that end one and begin the next would be read as others. */
function apart(before: string, behind: string): string {
  const isSame = before !== '' && /^[*`]/.test(behind) && before.endsWith(behind[0]!);
  return `${before}${isSame ? '\u200b' : ''}${behind}`;
}

/** The words of a piece that is nothing but words here; undefined for any other. */
function wordsOf(piece: Inline, { accountOf }: TextContext): string | undefined {
  if (typeof piece === 'string') return piece;
  if ('hint' in piece) return piece.hint;
  if ('link' in piece) return addressOf(piece.link) === undefined ? piece.label : undefined;
  return 'mention' in piece && accountOf(piece.mention) === undefined ? `@${piece.name}` : undefined;
}

/** A link that may be followed, as it stands in brackets. */
function addressOf(link: string): string | undefined {
  if (!/^https?:\/\/[^\s<>]+$/.test(link)) return undefined;
  return link.replaceAll('(', '%28').replaceAll(')', '%29');
}

/** The accounts that a text mentions; nobody else is to be told of it. */
export function mentioned(text: Text, { accountOf }: TextContext): string[] {
  return inlines(text).flatMap((piece) => {
    const account = typeof piece === 'object' && 'mention' in piece ? accountOf(piece.mention) : undefined;
    return account === undefined ? [] : [account];
  });
}

function tagged(piece: Inline, { accountOf }: TextContext): string {
  if (typeof piece === 'string') return literal(piece);
  if ('bold' in piece) return bold(piece.bold);
  if ('code' in piece) return inlineCode(piece.code);
  if ('command' in piece) return inlineCode(piece.command);
  if ('hint' in piece) return literal(piece.hint);
  if ('link' in piece) return `[${literal(piece.label)}](<${addressOf(piece.link)}>)`;
  if ('mention' in piece) return `<@${accountOf(piece.mention)}>`;
  return `<t:${Math.floor(piece.time / 1000)}:${TIME_STYLES[piece.style]}>`;
}

/** Signs that a blank parts from their words make nothing bold wherever the text is pasted: it stands outside. */
function bold(text: string): string {
  const words = text.trim();
  if (words === '') return '';
  const at = text.indexOf(words);
  return `${text.slice(0, at)}**${literal(words)}**${text.slice(at + words.length)}`;
}

/**
 * Text in which Discord reads no markdown, mention, link, emoji or command: a backslash takes their meaning away. An
 * at sign is followed by a space of no width, since "everyone" has no character to take it from.
 */
export function literal(text: string): string {
  return text
    .replace(/[\\*_~|`[\]<]/g, '\\$&')
    .replace(/@/g, '@\u200b')
    .replace(/:\/\//g, ':\\//')
    .replace(/^(\s*)([#>+-]|\d+(?=\.))/gm, (_whole, space: string, sign: string) =>
      /\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`,
    );
}

/** Literal inline text. */
function inlineCode(text: string): string {
  const flat = text.replace(/\s*\n\s*/g, ' ').replaceAll('`', '\u02cb');
  return flat.trim() === '' ? '' : `\`${flat}\``;
}

/** Text as it stands, in lines. Three backticks or more in a row would end it: a space of no width parts them. */
export function codeBlock(text: string): string {
  const within = text.replace(/`{3,}/g, (ticks) => [...ticks].join('\u200b'));
  return `\`\`\`\n${within.trim() === '' ? ' ' : within}\n\`\`\``;
}

/** What ids in a message are called, as far as is known. */
export interface Names {
  user(id: string): string | undefined;
  role(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** Changes what stands outside of code, which begins and ends with as many backticks. */
function outsideCode(text: string, change: (words: string) => string): string {
  const parts = text.split(/(`+)/);
  let changed = '';
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at]!;
    const end = part.startsWith('`') ? parts.indexOf(part, at + 1) : -1;
    changed += end < 0 ? change(part) : parts.slice(at, end + 1).join('');
    at = Math.max(at, end);
  }
  return changed;
}

/**
 * What somebody typed, out of Discord's form (reference, "Message Formatting"): people, roles and channels by their names, emoji and
 * commands as they are typed, times in UTC, links without what keeps them from being shown large. In code nothing has another form than it was typed in.
 */
export function fromDiscordText(text: string, names: Names): string {
  return outsideCode(text, (words) => readable(words, names));
}

function readable(text: string, names: Names): string {
  return text
    .replace(/<@!?(\d{1,20})>/g, (_whole, id: string) => `@${names.user(id) ?? id}`)
    .replace(/<@&(\d{1,20})>/g, (_whole, id: string) => `@${names.role(id) ?? id}`)
    .replace(/<#(\d{1,20})>/g, (_whole, id: string) => `#${names.channel(id) ?? id}`)
    .replace(/<a?:(\w{1,32}):\d{1,20}>/g, ':$1:')
    .replace(/<\/([^<>:]{1,100}):\d{1,20}>/g, '/$1')
    .replace(
      /<t:(-?\d{1,11})(?::[tTdDfFsSR])?>/g,
      (_whole, seconds: string) => `${formatTime(Number(seconds) * 1000, 'datetime')} UTC`,
    )
    .replace(/<(https?:\/\/[^<>\s]+)>/g, '$1');
}
