import { isMap, isSeq, parseDocument } from 'yaml';
import { BotError } from '../../core/errors.ts';
import type { Preset, PresetOption } from '../../core/preset.ts';

/** What `xaxbot init` puts into xaxbot.yaml. */
export interface TeamParts {
  host: string;
  timezone: string;
  presets: readonly Preset[];
  channels: readonly { platform: string; id: string }[];
}

const HEAD = `# Written by "xaxbot init". docs/configuration.md describes every key, xaxbot.example.yaml shows them.
`;
/** What presets are, and what their defaults do. */
const OF_PRESETS = `# What may be launched from chat. A default is passed with every run: without it, what the source says then holds.
`;
/** Words that mean something else to YAML than themselves, of whichever version. */
const MEANING = /^(true|false|yes|no|on|off|null|y|n|~)$/i;

/** A new xaxbot.yaml. */
export function teamText({ host, timezone, presets, channels }: TeamParts): string {
  return [
    HEAD,
    `host: ${scalar(host)}\ntimezone: ${scalar(timezone)}\n`,
    ...(presets.length > 0 ? [`\n${OF_PRESETS}presets:\n${presetsText(presets, 2)}`] : []),
    ...(channels.length > 0 ? [`\nchannels:\n${channelsText(channels, 2)}`] : []),
  ].join('');
}

/**
 * A xaxbot.yaml with these presets and channels added, and nothing else changed. Error `init`: it is not written in lines that others
 * could be put below.
 */
export function withMore(
  text: string,
  { presets, channels }: Pick<TeamParts, 'presets' | 'channels'>,
): string {
  const added =
    presets.length > 0 ? inserted(text, 'presets', (indent) => presetsText(presets, indent)) : text;
  return channels.length > 0
    ? inserted(added, 'channels', (indent) => channelsText(channels, indent))
    : added;
}

/** Puts lines below a key, behind what stands there, or the key with them at the end. */
function inserted(text: string, key: string, lines: (indent: number) => string): string {
  const { contents } = parseDocument(text);
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  if (contents === null) return `${whole}\n${key}:\n${lines(2)}`;
  const pair =
    isMap(contents) && !contents.flow ? contents.items.find((each) => String(each.key) === key) : undefined;
  if (isMap(contents) && !contents.flow && !pair) return `${whole}\n${key}:\n${lines(2)}`;
  const held = pair?.value;
  const isBlock = (isMap(held) || isSeq(held)) && !held.flow && held.items.length > 0;
  const range = isBlock ? held.range : undefined;
  if (!range)
    throw new BotError(
      'init',
      `xaxbot.yaml has no list of lines below "${key}:" that more could be added to.`,
      `Put these lines there:\n${lines(2)}`,
    );
  const begin = range[0];
  const indent = begin - (text.lastIndexOf('\n', begin - 1) + 1);
  // The value ends with its last line, or before it where the file does.
  const end = whole.lastIndexOf('\n', Math.max(0, range[1] - 1));
  const last = whole.slice(range[1] - 1, range[1]) === '\n' ? range[1] : whole.indexOf('\n', range[1]) + 1;
  const at = last > 0 ? last : end + 1;
  return `${whole.slice(0, at)}${lines(indent)}${whole.slice(at)}`;
}

function presetsText(presets: readonly Preset[], indent: number): string {
  const space = ' '.repeat(indent);
  return presets
    .flatMap(({ name, description, cwd, argv, options, allowExtra }) => {
      const declared = Object.entries(options);
      return [
        `${space}${scalar(name)}:`,
        ...(description === '' ? [] : [`${space}  description: ${scalar(description)}`]),
        `${space}  cwd: ${scalar(cwd)}`,
        `${space}  argv: [${argv.map(scalar).join(', ')}]`,
        ...(declared.length > 0 ? [`${space}  options:`] : []),
        ...declared.map(([key, option]) => `${space}    ${scalar(key)}: {${optionText(option)}}`),
        ...(allowExtra.length > 0 ? [`${space}  allow_extra: [${allowExtra.map(scalar).join(', ')}]`] : []),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function optionText({ type, choices, default: usual, description }: PresetOption): string {
  const isWord = type === 'text' || type === 'choice';
  return [
    `type: ${type}`,
    ...(choices ? [`choices: [${choices.map(scalar).join(', ')}]`] : []),
    ...(usual === undefined ? [] : [`default: ${isWord ? scalar(usual) : usual}`]),
    ...(description === '' ? [] : [`description: ${scalar(description)}`]),
  ].join(', ');
}

function channelsText(channels: TeamParts['channels'], indent: number): string {
  const space = ' '.repeat(indent);
  return channels
    .map(({ platform, id }) => `${space}- {platform: ${platform}, id: ${scalar(id)}}\n`)
    .join('');
}

/** A text as YAML reads it back. */
function scalar(text: string): string {
  const isPlain = /^-?[A-Za-z_/~][\w./@+-]*( [\w./@+-]+)*$/.test(text) && !MEANING.test(text);
  return isPlain ? text : JSON.stringify(text);
}
