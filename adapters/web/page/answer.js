import { dismiss } from './answers.js';
import { Avatar } from './avatar.js';
import { Card } from './card.js';
import { html } from './htm-preact.js';

export function Answer({ answer, where }) {
  const { interaction, reply } = answer;
  return html`<article class="row private" aria-label="Answer only you can see">
    <div class="gutter" aria-hidden="true"><${Avatar} author=${null} /></div>
    <div class="body">
      <div class="byline">
        <strong>xaxbot</strong> <span class="only">only you see this</span>
        <button type="button" class="quiet" onClick=${() => dismiss(interaction)}>Dismiss</button>
      </div>
      <${Card} message=${reply.message} where=${where} on=${{ press: `answer-${interaction}`, thread: where.thread }} />
    </div>
  </article>`;
}
