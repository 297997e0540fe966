import { Composer } from './composer.js';
import { html } from './htm-preact.js';
import { Messages } from './messages.js';
import { Scroll } from './scroll.js';
import { state } from './state.js';
import { closeThread } from './timeline.js';

export function Thread({ root }) {
  const where = { channel: state.channel, thread: root };
  const thread = state.threads.get(root);
  const head = thread?.root ?? state.timelines.get(state.channel)?.messages.find(({ id }) => id === root);
  const answers = state.answers.filter((answer) => answer.thread === root);
  const looked = state.looked?.thread === root ? state.looked : null;
  const onKeyDown = (event) => event.key === 'Escape' && event.target.tagName !== 'TEXTAREA' && closeThread();
  return html`<aside class="thread" aria-label="Thread" onKeyDown=${onKeyDown}>
    <header>
      <h2>Thread</h2>
      <button type="button" class="quiet" aria-label="Close the thread" onClick=${closeThread}>✕</button>
    </header>
    <${Scroll} messages=${thread?.messages} looked=${looked} label="Thread messages">
      ${head && html`<div class="root"><${Messages} messages=${[head]} answers=${answers} where=${where} inThread /></div>`}
      ${!thread && html`<p class="beginning">Opening…</p>`}
      <${Messages} messages=${thread?.messages ?? []} answers=${answers} where=${where} inThread />
    <//>
    <${Composer} where=${where} label="Reply" />
  </aside>`;
}
