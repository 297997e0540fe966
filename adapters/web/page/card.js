import { act, openForm } from './asking.js';
import { Blocks } from './blocks.js';
import { html, useState } from './htm-preact.js';

/** A message's content: plain for a sentence, a card where there is more to it. `on`: what its buttons are pressed on. */
export function Card({ message, where, on }) {
  const [problem, setProblem] = useState(null);
  const onButton = async (button) => {
    setProblem(null);
    try {
      await (button.form ? openForm : act)(button, on, where);
    } catch (error) {
      setProblem(error.message);
    }
  };
  const isPlain = !message.tone && message.blocks.length === 1 && message.blocks[0].kind === 'text';
  return html`<div class=${isPlain ? 'plain' : `card ${message.tone ?? 'neutral'}`}>
    <${Blocks} message=${message} onButton=${onButton} />
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
  </div>`;
}
