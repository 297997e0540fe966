import { errorText } from './errors.ts';
import type { Block, FileRef, Message } from './message.ts';
import { legible } from './unseen.ts';

/** Files that a platform did not take, by their name in the store or on the platform, each with the reason in words. */
export type Unsent = ReadonlyMap<string, string>;

/** The name of what does not fit into a message, attached as plain text. */
export const OVERFLOW_FILE = 'message.txt';

/** The message with the words of its pictures in their place. */
export function withoutPictures(message: Message): Message {
  const blocks = message.blocks.map((block) => (block.kind === 'image' ? wordsOf(block) : block));
  return { ...message, blocks };
}

/** The message once its pictures can be read where they lie; one that cannot be drawn is its words, and why is said. */
export async function withPictures(
  message: Message,
  fileAt: (file: FileRef) => Promise<unknown>,
): Promise<Message> {
  const unsent = new Map<string, string>();
  for (const block of message.blocks)
    if (block.kind === 'image')
      await fileAt(block.image).catch((error) => unsent.set(block.image.file, errorText(error)));
  return withoutUnsent(message, unsent);
}

function wordsOf({ alt }: Pick<Extract<Block, { kind: 'image' }>, 'alt'>): Block {
  return { kind: 'text', text: `[${alt}]` };
}

/** The message without what a platform did not take: a picture as its words, a file by its name, and each reason once. */
export function withoutUnsent(message: Message, unsent: Unsent): Message {
  if (unsent.size === 0) return message;
  const blocks = message.blocks.map((block): Block => {
    if (block.kind === 'image' && unsent.has(block.image.file)) return wordsOf(block);
    if (block.kind === 'file' && unsent.has(block.file.file))
      return { kind: 'text', text: [{ code: block.name }, ` (${block.bytes} bytes)`] };
    return block;
  });
  const reasons = [...new Set(unsent.values())];
  const said = { kind: 'text' as const, text: `Files could not be sent: ${legible(reasons.join('; '))}.` };
  // Buttons end a message, and stay its end.
  const end = blocks.at(-1)?.kind === 'buttons' ? blocks.length - 1 : blocks.length;
  return { ...message, blocks: [...blocks.slice(0, end), said, ...blocks.slice(end)] };
}
