import { Answer } from './answer.js';
import { Avatar } from './avatar.js';
import { Card } from './card.js';
import { html } from './htm-preact.js';
import { subjectOf } from './subject.js';
import { openThread } from './timeline.js';
import { clock, day, full, Time } from './times.js';

/** Messages of one author closer than this stand together, milliseconds. */
const TOGETHER = 5 * 60_000;

/** A list of messages with the answers for me alone where I asked. */
export function Messages({ messages, answers, where, inThread }) {
  const rows = [];
  const at = (id) =>
    answers
      .filter(({ after, asked, reply }) => after === id && (asked !== null || reply !== null))
      .map((answer) => html`<${Answer} key=${answer.id} answer=${answer} where=${where} />`);
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
  const { author, createdAt } = message;
  const name = author?.name ?? 'xaxbot';
  return html`<article class=${`row ${joined ? 'joined' : ''}`} data-at=${`message-${message.id}`} tabindex="-1" aria-label=${`${name}, ${full(createdAt)}`}>
    <div class="gutter" aria-hidden="true">
      ${joined ? html`<span class="small-time">${clock(createdAt, false)}</span>` : html`<${Avatar} author=${author} />`}
    </div>
    <div class="body">
      ${!joined && html`<div class="byline"><strong>${name}</strong> <span class="when" title=${full(createdAt)}>${clock(createdAt, false)}</span></div>`}
      <${Card} message=${message.message} where=${where} on=${{ press: `message-${message.id}`, below: message.id, thread: inThread ? where.thread : message.id }} />
      ${!inThread && html`<${Replies} message=${message} />`}
    </div>
  </article>`;
}

function Replies({ message: { id, replies, lastReplyAt, message } }) {
  const words = replies === 0 ? 'Reply in thread' : `${replies} ${replies === 1 ? 'reply' : 'replies'}`;
  const name = [words, subjectOf(message)].filter(Boolean).join(' to ');
  return html`<button type="button" class=${replies === 0 ? 'replies start' : 'replies'} aria-label=${name} onClick=${() => openThread(id)}>
    ${words} ${replies > 0 && html`<span class="when">last <${Time} time=${lastReplyAt} style="relative" /></span>`}
  </button>`;
}
