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
  return inlines(text)
    .map((piece) => pieceMarkdown(piece, context))
    .join('');
}

/** The accounts that a text mentions; nobody else is to be told of it. */
export function mentioned(text: Text, { accountOf }: TextContext): string[] {
  return inlines(text).flatMap((piece) => {
    const account = typeof piece === 'object' && 'mention' in piece ? accountOf(piece.mention) : undefined;
    return account === undefined ? [] : [account];
  });
}

function pieceMarkdown(piece: Inline, { accountOf }: TextContext): string {
  if (typeof piece === 'string') return literal(piece);
  if ('bold' in piece) return piece.bold.trim() === '' ? '' : `**${literal(piece.bold)}**`;
  if ('code' in piece) return inlineCode(piece.code);
  if ('command' in piece) return inlineCode(piece.command);
  if ('hint' in piece) return literal(piece.hint);
  if ('link' in piece) {
    const url = /^https?:\/\/[^\s<>]+$/.test(piece.link)
      ? piece.link.replaceAll('(', '%28').replaceAll(')', '%29')
      : '';
    return url === '' ? literal(piece.label) : `[${literal(piece.label)}](<${url}>)`;
  }
  if ('mention' in piece) {
    const account = accountOf(piece.mention);
    return account === undefined ? literal(`@${piece.name}`) : `<@${account}>`;
  }
  return `<t:${Math.floor(piece.time / 1000)}:${TIME_STYLES[piece.style]}>`;
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
  return `\`\`\`\n${within || ' '}\n\`\`\``;
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
