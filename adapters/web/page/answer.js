import { dismiss, nameOf } from './answers.js';
import { Avatar } from './avatar.js';
import { Card } from './card.js';
import { html } from './htm-preact.js';

/** An answer for me alone, below what was asked. */
export function Answer({ answer, where }) {
  const { id, asked, reply } = answer;
  const name = `answer-${nameOf(answer)}`;
  const on = { press: name, below: nameOf(answer), thread: where.thread };
  return html`<article class="row private" data-at=${`answer-${id}`} tabindex="-1" aria-label="Answer only you can see" aria-busy=${reply === null ? 'true' : undefined}>
    <div class="gutter" aria-hidden="true"><${Avatar} author=${null} /></div>
    <div class="body">
      ${asked && html`<p class="asked"><span class="heard">You asked: </span><code>${asked}</code></p>`}
      <div class="byline">
        <strong>xaxbot</strong> <span class="only">only you see this</span>
        <button type="button" class="quiet" aria-label=${`Dismiss the answer to ${asked ?? 'your question'}`} onClick=${() => dismiss(id)}>Dismiss</button>
      </div>
      ${reply ? html`<${Card} message=${reply.message} where=${where} on=${on} />` : html`<p class="waiting" role="status">Working on it…</p>`}
    </div>
  </article>`;
}
