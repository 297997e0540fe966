import { type Block, type Inline, inlines, type Message, type Text } from './message.ts';

/**
 * A message with every text that is shown as `word` makes it, and every piece of running text as `piece` does. What buttons do
 * stays as it is: it acts, and nobody reads it.
 */
export function withWords(
  message: Message,
  { word, piece }: { word(text: string): string; piece(given: Inline): Inline },
): Message {
  const text = (given: Text): Text => (typeof given === 'string' ? word(given) : inlines(given).map(piece));
  const blocks = message.blocks.map((block): Block => {
    switch (block.kind) {
      case 'heading':
      case 'text':
        return { ...block, text: text(block.text) };
      case 'fields':
        return {
          ...block,
          fields: block.fields.map(({ name, value }) => ({ name: word(name), value: text(value) })),
        };
      case 'progress':
        return { ...block, label: text(block.label) };
      case 'table':
        return { ...block, columns: block.columns.map(word), rows: block.rows.map((row) => row.map(text)) };
      case 'code':
        return { ...block, text: word(block.text) };
      case 'image':
        return { ...block, alt: word(block.alt) };
      case 'file':
        return { ...block, name: word(block.name) };
      case 'buttons':
        return { ...block, buttons: block.buttons.map((each) => ({ ...each, label: word(each.label) })) };
      default:
        return block;
    }
  });
  return { ...message, blocks };
}
