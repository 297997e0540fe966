import type { RichTextElement, RichTextSection } from '@slack/types';
import { type Inline, inlines, type PersonId, type Text } from '../../src/core/message.ts';
import { formatTime } from '../../src/core/plain-text.ts';

/** Formats of docs.slack.dev, "Date formatting"; Slack shows them in the reader's zone and language. */
const DATE_FORMATS = { relative: '{ago}', clock: '{time_secs}', datetime: '{date_num} {time_secs}' } as const;

/** What is needed to name people: their account in this workspace, if they have one. */
export interface TextContext {
  accountOf(person: PersonId): string | undefined;
}

/**
 * A text as rich text elements: whatever people wrote stays text, since nothing in an element is parsed. Only what
 * is tagged becomes a mention, a link or a date.
 */
export function textElements(text: Text, context: TextContext): RichTextElement[] {
  return inlines(text)
    .map((piece) => element(piece, context))
    .filter((each) => !(each.type === 'text' && each.text === ''));
}

export function section(text: Text, context: TextContext): RichTextSection {
  const elements = textElements(text, context);
  return {
    type: 'rich_text_section',
    elements: elements.length > 0 ? elements : [{ type: 'text', text: ' ' }],
  };
}

function element(piece: Inline, { accountOf }: TextContext): RichTextElement {
  if (typeof piece === 'string') return { type: 'text', text: piece };
  if ('bold' in piece) return { type: 'text', text: piece.bold, style: { bold: true } };
  if ('code' in piece) return { type: 'text', text: piece.code, style: { code: true } };
  if ('command' in piece) return { type: 'text', text: piece.command, style: { code: true } };
  if ('link' in piece) {
    return /^https?:\/\/[^\s<>]+$/.test(piece.link)
      ? { type: 'link', url: piece.link, ...(piece.label === '' ? {} : { text: piece.label }) }
      : { type: 'text', text: piece.label };
  }
  if ('mention' in piece) {
    const account = accountOf(piece.mention);
    return account === undefined
      ? { type: 'text', text: `@${piece.name}` }
      : { type: 'user', user_id: account };
  }
  return {
    type: 'date',
    timestamp: Math.floor(piece.time / 1000),
    format: DATE_FORMATS[piece.style],
    fallback: `${formatTime(piece.time, 'datetime')} UTC`,
  };
}

/** Text that Slack reads no markup in: the three characters that begin links, mentions and entities. */
export function toSlackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * What somebody typed, out of Slack's form: `<@U1>` and `<#C1|general>` by their names as far as they are given,
 * `<https://x|x>` as it was typed, entities as characters.
 */
export function fromSlackText(text: string): string {
  return text
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_whole, target: string, label: string | undefined) => {
      if (/^[@#!]/.test(target))
        return label === undefined ? target : `${target[0]}${label.replace(/^[@#]/, '')}`;
      return label ?? target.replace(/^mailto:/, '');
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
