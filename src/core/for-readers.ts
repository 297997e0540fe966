import type { Typing } from './command-line.ts';
import { type Inline, inlines, type Message, type Text } from './message.ts';
import { withoutEmptyColumns } from './table-columns.ts';

/** A message as readers at one adapter are given it: its commands as they are typed there, its tables without empty columns. */
export function forReaders(message: Message, typing: Typing, adapter: string): Message {
  const typed = typing.at(adapter);
  const one = (piece: Inline): Inline => {
    if (typeof piece === 'string') return piece;
    if ('command' in piece) return { code: typed(piece.command) };
    return 'hint' in piece ? typing.spell(adapter, piece.hint) : piece;
  };
  const text = (given: Text): Text => (typeof given === 'string' ? given : inlines(given).map(one));
  const blocks = message.blocks.map((block): Message['blocks'][number] => {
    switch (block.kind) {
      case 'heading':
      case 'text':
        return { ...block, text: text(block.text) };
      case 'fields':
        return { ...block, fields: block.fields.map((each) => ({ ...each, value: text(each.value) })) };
      case 'table':
        return withoutEmptyColumns({ ...block, rows: block.rows.map((row) => row.map(text)) });
      default:
        return block;
    }
  });
  return { ...message, blocks };
}
