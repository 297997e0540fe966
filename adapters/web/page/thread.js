import { Composer } from './composer.js';
import { html, useEffect, useReducer, useRef } from './htm-preact.js';
import { Messages } from './messages.js';
import { Scroll, stampOf } from './scroll.js';
import { state } from './state.js';
import { closeThread } from './timeline.js';

export function Thread({ root }) {
  const where = { channel: state.channel, thread: root };
  const head = state.timelines.get(state.channel)?.messages.find(({ id }) => id === root);
  const messages = state.threads.get(root);
  const answers = state.answers.filter((answer) => answer.thread === root);
  const [said, onSay] = useReducer((count) => count + 1, 0);
  const close = useRef(null);
  useEffect(() => close.current?.focus(), []);
  return html`<aside class="thread" aria-label="Thread" onKeyDown=${(event) => event.key === 'Escape' && event.target.tagName !== 'TEXTAREA' && closeThread()}>
    <header>
      <h2>Thread</h2>
      <button type="button" class="quiet" ref=${close} aria-label="Close the thread" onClick=${closeThread}>✕</button>
    </header>
    <${Scroll} stamp=${stampOf(messages, answers)} said=${said} label="Thread messages">
      ${head && html`<div class="root"><${Messages} messages=${[head]} answers=${[]} where=${where} inThread /></div>`}
      ${!messages && html`<p class="beginning">Opening…</p>`}
      <${Messages} messages=${messages ?? []} answers=${answers} where=${where} inThread />
    <//>
    <${Composer} where=${where} label="Reply" onSay=${onSay} />
  </aside>`;
}
