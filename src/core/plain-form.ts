import { clip } from './clip.ts';
import type { Block, Message } from './message.ts';
import { plainText } from './plain-text.ts';

/** How much of a message's words its plain form shows, characters: any platform takes so much in one text. */
const WORDS_MAX = 1_500;

/** The words of a message as one text, with its buttons below or without them: what a platform takes that refused the message. */
export function plainForm(message: Message, keepsButtons: boolean): Message {
  const isButtons = ({ kind }: Block) => kind === 'buttons';
  const said = message.blocks.filter((block) => !isButtons(block));
  const words = clip(plainText({ blocks: said }), WORDS_MAX) || ' ';
  const buttons = keepsButtons ? message.blocks.filter(isButtons) : [];
  return { ...message, blocks: [{ kind: 'text', text: words }, ...buttons] };
}
