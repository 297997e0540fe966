import { Blocks } from './blocks.js';
import { html, useState } from './htm-preact.js';
import { act, dismiss, openForm, openThread } from './store.js';
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

function Avatar({ author }) {
  if (!author)
    return html`<span class="avatar bot"><svg viewBox="0 0 32 32"><path d="M6 10c5 0 5 13 10 13s4-8 10-8" /></svg></span>`;
  return html`<span class="avatar" data-tint=${tint(author.id)}>${author.name.slice(0, 1).toUpperCase()}</span>`;
}

function tint(id) {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)) % 6;
  return hash;
}

/** A message's content: plain for a sentence, a card where there is more to it. `on`: what its buttons are pressed on. */
export function Card({ message, where, on }) {
  const [problem, setProblem] = useState(null);
  const onButton = async (button) => {
    setProblem(null);
    try {
      if (button.form) await openForm(button, on, where);
      else await act(button, on, where);
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

function Answer({ answer, where }) {
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
