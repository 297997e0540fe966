import type { Typing } from './command-line.ts';
import { fileName } from './file-name.ts';
import { type Block, type Inline, inlines, type Message, type Text } from './message.ts';
import { withoutEmptyColumns } from './table-columns.ts';
import { legible } from './unseen.ts';

/**
 * A message as readers at one adapter are given it: its commands as they are typed there, its tables without empty columns, and
 * its words legible, whoever wrote them.
 */
export function forReaders(message: Message, typing: Typing, adapter: string): Message {
  const typed = typing.at(adapter);
  const one = (piece: Inline): Inline => {
    if (typeof piece === 'string') return legible(piece);
    if ('bold' in piece) return { bold: legible(piece.bold) };
    if ('code' in piece) return { code: legible(piece.code) };
    if ('command' in piece) return { code: legible(typed(piece.command)) };
    if ('hint' in piece) return legible(typing.spell(adapter, piece.hint));
    if ('link' in piece) return linkOrLabel(piece.link, legible(piece.label));
    return 'mention' in piece ? { mention: piece.mention, name: legible(piece.name) } : piece;
  };
  const text = (given: Text): Text => (typeof given === 'string' ? legible(given) : inlines(given).map(one));
  const blocks = message.blocks.map((block): Block => {
    switch (block.kind) {
      case 'heading':
      case 'text':
        return { ...block, text: text(block.text) };
      case 'fields':
        return {
          ...block,
          fields: block.fields.map(({ name, value }) => ({ name: legible(name), value: text(value) })),
        };
      case 'progress':
        return { ...block, label: text(block.label) };
      case 'table':
        return withoutEmptyColumns({
          ...block,
          columns: block.columns.map(legible),
          rows: block.rows.map((row) => row.map(text)),
        });
      case 'code':
        return { ...block, text: legible(block.text) };
      case 'image':
        return { ...block, alt: legible(block.alt) };
      case 'file':
        return { ...block, name: fileName(block.name) };
      case 'buttons':
        return {
          ...block,
          buttons: block.buttons.map((button) => ({ ...button, label: legible(button.label) })),
        };
      default:
        return block;
    }
  });
  return { ...message, blocks };
}

/** A link that may be followed, all of which its reader sees; of anything else its label alone. */
function linkOrLabel(link: string, label: string): Inline {
  return /^https?:\/\/[^\s<>]+$/.test(link) && legible(link) === link ? { link, label } : label;
}
