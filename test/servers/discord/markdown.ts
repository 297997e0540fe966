/**
 * Discord's markdown as its apps show it, written from support.discord.com's "Markdown Text 101" and reference
 * (Message Formatting). It errs on the side of seeing markup, since it judges text that should have none.
 */
export interface Shown {
  /** What a reader sees: markup consumed, mentions as pills like `@name` or `#id`. */
  text: string;
  /** Names of the formattings met, like `bold`, `heading` or `masked link`. */
  formatting: Set<string>;
  links: { label: string; url: string; preview: boolean }[];
  pills: string[];
}

const CODE = /```[\s\S]+?```|(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g;

/** A text without its code blocks and spans. */
export function withoutCode(text: string): string {
  return text.replace(CODE, ' ');
}

interface Rule {
  name: string | null;
  pattern: RegExp;
  /** Only at the beginning of a line. */
  line?: boolean;
  show(match: RegExpExecArray, seen: Shown): string;
}

const inner = (match: RegExpExecArray, seen: Shown) => walk(match[1]!, seen, false);
const lines = (match: RegExpExecArray, seen: Shown) => walk(match[1]!, seen, true);
const pill = (shown: (match: RegExpExecArray) => string) => (match: RegExpExecArray, seen: Shown) => {
  seen.pills.push(match[0]);
  return shown(match);
};
const link = (label: string, url: string, preview: boolean, seen: Shown) => {
  seen.links.push({ label, url, preview });
  return label;
};

const RULES: readonly Rule[] = [
  { name: null, pattern: /^\\([^0-9A-Za-z\s])/, show: (match) => match[1]! },
  { name: 'code block', pattern: /^```(?:[\w+\-.#]+\n)?\n*([\s\S]+?)\n*```/, show: (match) => match[1]! },
  { name: 'code', pattern: /^(`+)(?!`)([\s\S]*?[^`])\1(?!`)/, show: (match) => match[2]!.trim() },
  { name: 'blockquote', line: true, pattern: /^>>> ([\s\S]+)/, show: lines },
  { name: 'blockquote', line: true, pattern: /^> ([^\n]*)/, show: lines },
  { name: 'heading', line: true, pattern: /^#{1,3} +([^\n]+)/, show: inner },
  { name: 'subtext', line: true, pattern: /^-# +([^\n]+)/, show: inner },
  { name: 'list', line: true, pattern: /^ *(?:[*-]|\d+\.) +(?=\S)/, show: () => '• ' },
  {
    name: 'masked link',
    pattern:
      /^\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))+)\]\(\s*<?((?:https?|discord|mailto|tel):[^\s<>]*?(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+['"][\s\S]*?['"])?\s*\)/i,
    show: (match, seen) => {
      const { text } = markdown(match[1]!);
      return link(text, match[2]!, true, seen);
    },
  },
  {
    name: 'link',
    pattern: /^<((?:https?:\/\/|mailto:|tel:)[^\s<>]+)>/i,
    show: (match, seen) => link(match[1]!, match[1]!, false, seen),
  },
  {
    name: 'link',
    pattern: /^(?:https?|discord):\/\/[^\s<]+[^\s<.,:;"'\])]/i,
    show: (match, seen) => link(match[0], match[0], true, seen),
  },
  { name: 'mention', pattern: /^<@!?(\d{1,20})>/, show: pill((match) => `@${match[1]}`) },
  { name: 'mention', pattern: /^<@&(\d{1,20})>/, show: pill((match) => `@&${match[1]}`) },
  { name: 'mention', pattern: /^<#(\d{1,20})>/, show: pill((match) => `#${match[1]}`) },
  { name: 'mention', pattern: /^@(?:everyone|here)/, show: pill((match) => match[0]) },
  { name: 'command', pattern: /^<\/([^<>:]+):\d{1,20}>/, show: pill((match) => `/${match[1]}`) },
  { name: 'navigation', pattern: /^<id:(\w[\w-]*)>/, show: pill((match) => match[1]!) },
  { name: 'emoji', pattern: /^<a?:(\w{2,32}):\d{1,20}>/, show: pill((match) => `:${match[1]}:`) },
  {
    name: 'timestamp',
    pattern: /^<t:(-?\d{1,17})(?::([tTdDfFsSR]))?>/,
    show: (match) => `{${match[1]}:${match[2] ?? 'f'}}`,
  },
  { name: 'bold', pattern: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, show: inner },
  { name: 'underline', pattern: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, show: inner },
  { name: 'strikethrough', pattern: /^~~((?:\\[\s\S]|[^\\])+?)~~/, show: inner },
  { name: 'spoiler', pattern: /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, show: inner },
  {
    name: 'italic',
    pattern: /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
    show: inner,
  },
  { name: 'italic', pattern: /^_((?:__|\\[\s\S]|[^\\_])+?)_(?![0-9A-Za-z_])/, show: inner },
];

function walk(text: string, seen: Shown, lineStart: boolean): string {
  let shown = '';
  let rest = text;
  let atLine = lineStart;
  while (rest !== '') {
    const hit = ruleFor(rest, atLine, /\w$/.test(shown));
    if (hit) {
      if (hit.rule.name) seen.formatting.add(hit.rule.name);
      shown += hit.rule.show(hit.match, seen);
      rest = rest.slice(hit.match[0].length);
      atLine = hit.match[0].endsWith('\n');
    } else {
      const character = String.fromCodePoint(rest.codePointAt(0)!);
      shown += character;
      rest = rest.slice(character.length);
      atLine = character === '\n';
    }
  }
  return shown;
}

/** What every rule begins with. */
const BEGINS = /^[\\`>#*\d[<@_~| -]|^(?:https?|discord):/i;

function ruleFor(rest: string, atLine: boolean, afterWord: boolean) {
  if (!BEGINS.test(rest)) return undefined;
  for (const rule of RULES) {
    if (rule.line && !atLine) continue;
    // `snake_case_names` stay as they are: an underscore within a word opens nothing.
    if (afterWord && rest.startsWith('_') && rule.name === 'italic') continue;
    const match = rule.pattern.exec(rest);
    if (match) return { rule, match };
  }
  return undefined;
}

/** Reads a text as Discord's apps would show it. */
export function markdown(text: string): Shown {
  const seen: Shown = { text: '', formatting: new Set(), links: [], pills: [] };
  seen.text = walk(text, seen, true);
  return seen;
}
