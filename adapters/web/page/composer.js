import { get } from './api.js';
import { say } from './asking.js';
import { useTyping } from './focus.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from './htm-preact.js';
import { commandIn } from './meant.js';
import { state } from './state.js';

const COMMAND = /^\/xax(\s|$)/;
const ENTRY = { insert: '/xax ', label: '/xax', description: 'commands to the bot' };

/** The message box. After `/xax` it completes commands and their options. */
export function Composer({ where, label }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState(null);
  const [offers, setOffers] = useState([]);
  const [chosen, setChosen] = useState(0);
  const [sent, setSent] = useState([]);
  /** The command that the text is, once it was offered. */
  const [meant, setMeant] = useState(null);
  const [recalled, setRecalled] = useState(-1);
  const input = useRef(null);
  useTyping(input);
  const asked = useRef(0);
  const lastSending = useRef(Promise.resolve());
  const listId = `offers-${where.thread ?? 'channel'}`;

  useLayoutEffect(() => {
    const area = input.current;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight + 2, 240)}px`;
  }, [text]);

  useEffect(() => {
    asked.current += 1;
    const number = asked.current;
    if (!text.startsWith('/') || text.includes('\n')) return setOffers([]);
    if (!COMMAND.test(text)) return setOffers('/xax'.startsWith(text) ? [ENTRY] : []);
    const words = text.replace(COMMAND, '');
    get('complete', { ...where, words }).then(
      ({ completions }) => {
        if (number !== asked.current) return;
        setOffers(text.endsWith(' ') || words !== '' ? completions : []);
        setChosen(0);
      },
      () => setOffers([]),
    );
    return undefined;
  }, [text, where.channel, where.thread]);

  function accept(offer) {
    if (offer === ENTRY) setText(ENTRY.insert);
    else {
      const start = /\s$/.test(text) ? text : text.replace(/\S*$/, '');
      setText(`${start}${offer.insert}${offer.insert.endsWith('=') ? '' : ' '}`);
    }
    input.current.focus();
  }

  /** The text leaves the field at once, so that the next can be typed; what could not be sent comes back. */
  async function send(asMessage = false) {
    const typed = input.current.value.trim();
    const command = asMessage ? null : commandIn(typed, state.commands);
    if (command !== meant && command !== null) return setMeant(command);
    const words = command ?? typed;
    if (words === '') return;
    if (words.length > state.about.longestMessage) {
      setProblem(
        `That has ${words.length} characters; at most ${state.about.longestMessage} are accepted. Nothing was sent.`,
      );
      return;
    }
    input.current.value = '';
    setText('');
    setMeant(null);
    setProblem(null);
    setSent((before) => [...before, words]);
    setRecalled(-1);
    // One after the other, so that they stand in the chat in the order they were written.
    const sending = lastSending.current.then(() => say(words, where, COMMAND.test(words)));
    lastSending.current = sending.catch(() => {});
    try {
      await sending;
    } catch (error) {
      setProblem(error.message);
      setText((current) => (current === '' ? words : current));
    }
  }

  function recall(step) {
    const next = Math.max(-1, Math.min(sent.length - 1, recalled + step));
    setRecalled(next);
    setText(next < 0 ? '' : sent.at(-1 - next));
  }

  function onKeyDown(event) {
    const isOpen = offers.length > 0;
    if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : offers.length - 1)) % offers.length);
    } else if (isOpen && event.key === 'Tab' && !event.shiftKey) accept(offers[chosen]);
    else if (isOpen && event.key === 'Escape') setOffers([]);
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send();
    else if (event.key === 'ArrowUp' && (text === '' || recalled >= 0)) recall(1);
    else if (event.key === 'ArrowDown' && recalled >= 0) recall(-1);
    else return;
    event.preventDefault();
  }

  function onSubmit(event) {
    event.preventDefault();
    send();
  }

  /** Before the text loses the focus, which would close the list. */
  function onPick(event, offer) {
    event.preventDefault();
    accept(offer);
  }

  const mayWrite = state.me.role !== 'viewer';
  return html`<form class="composer" onSubmit=${onSubmit}>
    ${
      offers.length > 0 &&
      html`<ul class="offers" role="listbox" id=${listId} aria-label="Completions">
      ${offers.map(
        (offer, index) => html`<li
          key=${offer.label}
          id=${`${listId}-${index}`}
          role="option"
          aria-selected=${index === chosen}
          onMouseDown=${(event) => onPick(event, offer)}
        >
          <code>${offer.label}</code> <span>${offer.description}</span>
        </li>`,
      )}
      <li class="hint" role="presentation">Tab completes, Enter sends</li>
    </ul>`
    }
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    ${
      meant &&
      html`<p class="meant" role="status">
      Run <code>${meant}</code>? <button type="button" class="primary" onClick=${() => send()}>Run</button>
      <button type="button" onClick=${() => send(true)}>Send as a message</button>
    </p>`
    }
    <div class="writing">
      <textarea
        ref=${input}
        rows="1"
        value=${text}
        aria-label=${label}
        placeholder=${mayWrite ? `${label} or /xax` : '/xax'}
        role="combobox"
        aria-expanded=${offers.length > 0}
        aria-controls=${listId}
        aria-autocomplete="list"
        aria-activedescendant=${offers.length > 0 ? `${listId}-${chosen}` : undefined}
        autocomplete="off"
        spellcheck="false"
        onInput=${(event) => {
          setText(event.target.value);
          setMeant(null);
        }}
        onKeyDown=${onKeyDown}
        onBlur=${() => setOffers([])}
      ></textarea>
      <button type="submit" class="primary" disabled=${text.trim() === ''} aria-label="Send">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 10 17 3l-4 14-3.5-5.5z" /></svg>
      </button>
    </div>
  </form>`;
}
