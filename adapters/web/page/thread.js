import { Composer } from './composer.js';
import { html } from './htm-preact.js';
import { Messages } from './messages.js';
import { useNarrow } from './narrow.js';
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
  // Where nothing else is shown, it is what the page is about.
  const narrow = useNarrow();
  const [tag, title] = narrow ? ['main', 'h1'] : ['aside', 'h2'];
  return html`<${tag} class="thread" aria-label="Thread" onKeyDown=${onKeyDown}>
    <header>
      <${title}>Thread<//>
      <button type="button" class="quiet" aria-label="Close the thread" onClick=${closeThread}>✕</button>
    </header>
    ${narrow && html`<h2 class="heard">Messages</h2>`}
    <${Scroll} messages=${thread?.messages} looked=${looked} label="Thread messages">
      ${head && html`<div class="root"><${Messages} messages=${[head]} answers=${answers} where=${where} inThread /></div>`}
      ${!thread && html`<p class="beginning">Opening…</p>`}
      <${Messages} messages=${thread?.messages ?? []} answers=${answers} where=${where} inThread />
    <//>
    <${Composer} where=${where} label="Reply" />
  <//>`;
}
