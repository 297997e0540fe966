import type { Ping } from './ping.ts';

/** A person's id as in `people:` of xaxbot.yaml. */
export type PersonId = string;

/**
 * A piece of running text. A plain string is always data: no renderer may read markup, mentions or links in it.
 * Times are epoch milliseconds; each renderer shows them in its reader's zone.
 */
export type Inline =
  | string
  | { bold: string }
  | { code: string }
  /** A command, without what stands before it where it is typed. */
  | { command: string }
  /** Words of ours, in which commands stand in double quotes, as in an error's hint. */
  | { hint: string }
  | { link: string; label: string }
  /** `ping`: what for; whether it does then is up to whoever is mentioned. */
  | { mention: PersonId; name: string; ping?: Ping }
  /** `relative`: how long ago it was. */
  | { time: number; style: 'relative' | 'clock' | 'datetime' };

export type Text = Inline | readonly Inline[];

/** A file in the bot's own file store (`<data dir>/files`), named by its content; never a path elsewhere. */
export interface FileRef {
  file: string;
}

/** A press runs `command` with `options` as if it had been typed by whoever pressed; `form` asks for the rest first. */
export interface Button {
  label: string;
  command: string;
  options: Record<string, string>;
  style?: 'default' | 'primary' | 'danger';
  form?: boolean;
  /** What it is answered with stands in place of the message that it is on, where that can be edited. */
  replaces?: boolean;
}

export type Block =
  | { kind: 'heading'; text: Text }
  | { kind: 'text'; text: Text }
  | { kind: 'fields'; fields: { name: string; value: Text }[] }
  | { kind: 'progress'; label: Text; fraction: number | null }
  | { kind: 'table'; columns: string[]; rows: Text[][] }
  /** `isLog`: lines of a log, of which the last say most. */
  | { kind: 'code'; text: string; isLog?: boolean }
  /** `live`: of a chart its data (`core/live-chart`), for whoever can draw it. */
  | { kind: 'image'; image: FileRef; live?: FileRef; alt: string; width: number; height: number }
  | { kind: 'file'; file: FileRef; name: string; bytes: number }
  | { kind: 'divider' }
  | { kind: 'buttons'; buttons: Button[] };

export type Tone = 'neutral' | 'active' | 'good' | 'warning' | 'bad';

/** What the bot says, as inert data: no functions, no platform's words. Adapters render it. */
export interface Message {
  blocks: Block[];
  tone?: Tone;
}

/** A message of one paragraph. */
export function textMessage(text: Text, tone?: Tone): Message {
  return tone ? { blocks: [{ kind: 'text', text }], tone } : { blocks: [{ kind: 'text', text }] };
}

/** The pieces of a text, whichever form it has. */
export function inlines(text: Text): readonly Inline[] {
  return Array.isArray(text) ? (text as readonly Inline[]) : [text as Inline];
}
