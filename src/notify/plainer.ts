import { clip } from '../core/clip.ts';
import type { Block, Message } from '../core/message.ts';
import { plainText } from '../core/plain-text.ts';
import { FORMS } from '../store/delivery.ts';

/** How much of a message's words its plainer forms show, characters: any platform takes so much in one text. */
const WORDS_MAX = 1_500;

/** A message in one of `FORMS`, by its number; what is beyond the last is like the last. */
export function inForm(message: Message, form: number): Message {
  const name = FORMS[Math.min(form, FORMS.length - 1)]!;
  if (name === 'whole') return message;
  const [said, buttons] = parted(message.blocks);
  const words = clip(plainText({ blocks: said }), WORDS_MAX) || ' ';
  return { ...message, blocks: [{ kind: 'text', text: words }, ...(name === 'simple' ? buttons : [])] };
}

function parted(blocks: readonly Block[]): [said: Block[], buttons: Block[]] {
  const isButtons = ({ kind }: Block) => kind === 'buttons';
  return [blocks.filter((block) => !isButtons(block)), blocks.filter(isButtons)];
}
