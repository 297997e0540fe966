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
  if ('hint' in piece) return { type: 'text', text: piece.hint };
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

/** Slack's own tokens (docs.slack.dev, "Retrieving formatted messages"); any other angle bracket was typed. */
const TOKEN = /<([@#!]|https?:|mailto:|tel:)([^<>|\s][^<>|]*)(?:\|([^<>]*))?>/g;
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/**
 * What somebody typed, out of Slack's form: people by their names (`nameOf` an account, as far as it is known), channels
 * and groups too, links as they were typed, and with their address where that was not; entities as characters.
 */
export function fromSlackText(
  text: string,
  nameOf: (account: string) => string | undefined = () => undefined,
): string {
  return text
    .replace(TOKEN, (whole, kind: string, target: string, label: string | undefined) => {
      if (kind === '@') return `@${nameOf(target) ?? (label?.replace(/^@/, '') || target)}`;
      if (kind === '#') return /^[CDG]\w+$/.test(target) ? `#${label?.replace(/^#/, '') || target}` : whole;
      return kind === '!' ? special(whole, target, label) : linkTyped(`${kind}${target}`, label);
    })
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
}

/** `<!here>`, a group of people, a date; anything else with a bang was typed. */
function special(whole: string, target: string, label: string | undefined): string {
  if (/^(here|channel|everyone)$/.test(target)) return `@${target}`;
  const [name, id = ''] = target.split('^');
  if (name === 'subteam') return `@${label?.replace(/^@/, '') || id}`;
  if (name === 'date') return label || `${formatTime(Number(id) * 1000, 'datetime')} UTC`;
  return label ?? whole;
}

/** A link as it was typed: its label alone where that is the address but for what Slack put before it. */
function linkTyped(url: string, label: string | undefined): string {
  const address = url.replace(/^(mailto|tel):/, '');
  if (!label || label === address) return address;
  const bare = (text: string) => text.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return bare(label) === bare(address) ? label : `${label} (${address})`;
}
