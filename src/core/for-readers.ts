import type { Typing } from './command-line.ts';
import { fileName } from './file-name.ts';
import { type Mask, maskMessage } from './masked.ts';
import type { Block, Button, Inline, Message } from './message.ts';
import { withWords } from './message-words.ts';
import { maskSecrets } from './secrets.ts';
import { withoutEmptyColumns } from './table-columns.ts';
import { legible, legibleLine } from './unseen.ts';

/**
 * A message as readers at one adapter are given it: without secrets, its commands as they are typed there, its tables without
 * empty columns, and its words legible, whoever wrote them. Every message that leaves passes here.
 */
export function forReaders(
  message: Message,
  typing: Typing,
  adapter: string,
  mask: Mask = maskSecrets,
): Message {
  const typed = typing.at(adapter);
  const piece = (given: Inline): Inline => {
    if (typeof given === 'string') return legible(given);
    if ('bold' in given) return { bold: legible(given.bold) };
    if ('code' in given) return { code: legible(given.code) };
    if ('command' in given) return { code: legible(typed(given.command)) };
    if ('hint' in given) return legible(typing.spell(adapter, given.hint));
    if ('link' in given) return linkOrLabel(given.link, legible(given.label));
    return 'mention' in given ? { mention: given.mention, name: legible(given.name) } : given;
  };
  const said = withWords(maskMessage(message, mask), { word: legible, piece });
  const blocks = said.blocks.map((block): Block => {
    if (block.kind === 'table') return withoutEmptyColumns(block);
    if (block.kind === 'buttons') return { ...block, buttons: block.buttons.map(named) };
    return block.kind === 'file' ? { ...block, name: fileName(block.name) } : block;
  });
  return { ...said, blocks };
}

/** A link that may be followed, all of which its reader sees; of anything else its label alone. */
function linkOrLabel(link: string, label: string): Inline {
  return /^https?:\/\/[^\s<>]+$/.test(link) && legible(link) === link ? { link, label } : label;
}

/** A button whose words can be seen, in one line: platforms take none without. */
function named(button: Button): Button {
  return { ...button, label: legibleLine(button.label) || '–' };
}
