import { Answer } from './answer.js';
import { Avatar } from './avatar.js';
import { Card } from './card.js';
import { html } from './htm-preact.js';
import { openThread } from './timeline.js';
import { clock, day, full, Time } from './times.js';

/** Messages of one author closer than this stand together, milliseconds. */
const TOGETHER = 5 * 60_000;

/** A list of messages with the answers for me alone where I asked. */
export function Messages({ messages, answers, where, inThread }) {
  const rows = [];
  const at = (id) =>
    answers
      .filter(({ after }) => after === id)
      .map((answer) => html`<${Answer} key=${answer.interaction} answer=${answer} where=${where} />`);
  rows.push(...at(0));
  let previous;
  for (const message of messages) {
    const isNewDay = !previous || day(previous.createdAt) !== day(message.createdAt);
    if (isNewDay && !inThread)
      rows.push(
        html`<div class="day" key=${`day-${message.id}`}><span>${day(message.createdAt)}</span></div>`,
      );
    const joined =
      !isNewDay && isSameAuthor(previous, message) && message.createdAt - previous.createdAt < TOGETHER;
    rows.push(
      html`<${Row} key=${message.id} message=${message} joined=${joined} where=${where} inThread=${inThread} />`,
    );
    rows.push(...at(message.id));
    previous = message;
  }
  return rows;
}

function isSameAuthor(a, b) {
  return (a.author?.id ?? null) === (b.author?.id ?? null);
}

function Row({ message, joined, where, inThread }) {
  const { author, createdAt, replies, lastReplyAt } = message;
  const name = author?.name ?? 'xaxbot';
  return html`<article class=${`row ${joined ? 'joined' : ''}`} aria-label=${`${name}, ${full(createdAt)}`}>
    <div class="gutter" aria-hidden="true">
      ${joined ? html`<span class="small-time">${clock(createdAt, false)}</span>` : html`<${Avatar} author=${author} />`}
    </div>
    <div class="body">
      ${!joined && html`<div class="byline"><strong>${name}</strong> <span class="when" title=${full(createdAt)}>${clock(createdAt, false)}</span></div>`}
      <${Card} message=${message.message} where=${where} on=${{ press: `message-${message.id}`, thread: inThread ? where.thread : message.id }} />
      ${
        !inThread &&
        replies > 0 &&
        html`<button type="button" class="replies" onClick=${() => openThread(message.id)}>
        ${replies} ${replies === 1 ? 'reply' : 'replies'} <span class="when">last <${Time} time=${lastReplyAt} style="relative" /></span>
      </button>`
      }
      ${!inThread && replies === 0 && html`<button type="button" class="replies start" onClick=${() => openThread(message.id)}>Reply in thread</button>`}
    </div>
  </article>`;
}
