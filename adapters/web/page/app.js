import { Composer } from './composer.js';
import { Form } from './form.js';
import { html, render, useEffect, useLayoutEffect, useReducer, useRef, useState } from './htm-preact.js';
import { Messages } from './messages.js';
import {
  boot,
  closeThread,
  leave,
  loadOlder,
  openChannel,
  showPanel,
  state,
  subscribe,
  unread,
} from './store.js';

/** Closer to the end than this counts as reading the newest, pixels. */
const NEAR_END = 80;
/** This close to the top, older messages are fetched, pixels. */
const NEAR_TOP = 400;
const THEME = 'xaxbot.theme';
const ICON = new URL('icon.svg', import.meta.url).pathname;

function App() {
  const [, redraw] = useReducer((count) => count + 1, 0);
  useEffect(() => subscribe(redraw), []);
  if (state.phase === 'starting')
    return html`<main class="entry" aria-busy="true"><p>Opening the chat…</p></main>`;
  if (state.phase !== 'ready') return html`<${Entry} />`;
  const where = { channel: state.channel, thread: null };
  return html`<a class="skip" href="#write">Skip to the message box</a>
    <div class=${`chat show-${state.panel} ${state.thread === null ? '' : 'with-thread'}`}>
      ${state.about.simulated && html`<p class="banner" role="status"><strong>Simulated queue.</strong> Nothing here is a real training job.</p>`}
      ${state.connection === 'lost' && html`<p class="banner lost" role="status">Connection lost. Updates will appear when it is back…</p>`}
      ${state.connection === 'over' && html`<p class="banner lost" role="status">You have this chat open in many places. <button type="button" onClick=${() => location.reload()}>Go on here</button></p>`}
      <${Sidebar} />
      <${Channel} where=${where} />
      ${state.thread !== null && html`<${Thread} key=${state.thread} root=${state.thread} />`}
    </div>
    ${state.form && html`<${Form} key=${state.form.id} form=${state.form} />`}`;
}

function Entry() {
  return html`<main class="entry">
    <img src=${ICON} alt="" width="48" height="48" />
    <h1>xaxbot</h1>
    ${state.problem && html`<p class="problem" role="alert">${state.problem}</p>`}
    ${
      state.phase === 'unreachable'
        ? html`<p>The bot does not answer. <button type="button" onClick=${() => location.reload()}>Try again</button></p>`
        : html`<p>You need a link to enter. Anyone who can log in to the host can create one; it works once, within ten minutes:</p>
          <pre>npm run -s xaxbot -- web-link YOUR-NAME</pre>
          <p>From another machine, first run the <code>ssh -L</code> that it prints.</p>`
    }
  </main>`;
}

function Sidebar() {
  const { me, about, channels } = state;
  return html`<nav class="sidebar" aria-label="Channels">
    <header>
      <img src=${ICON} alt="" width="24" height="24" />
      <strong class="host">${about.hostLabel}</strong>
    </header>
    <ul>
      ${channels.map(({ id, title }) => {
        const count = unread(id);
        const isCurrent = id === state.channel;
        return html`<li key=${id}>
          <button type="button" class=${isCurrent ? 'current' : ''} aria-current=${isCurrent ? 'page' : undefined} onClick=${() => openChannel(id)}>
            <span aria-hidden="true">#</span> ${title}
            ${count > 0 && !isCurrent && html`<span class="count" aria-label=${`${count} unread`}>${count}</span>`}
          </button>
        </li>`;
      })}
    </ul>
    <footer>
      <span title=${`${me.role ?? 'no role'}`}>${me.name} <small>${me.role}</small></span>
      <${ThemeButton} />
      <button type="button" class="quiet" onClick=${leave}>Sign out</button>
    </footer>
  </nav>`;
}

function ThemeButton() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? 'auto');
  const order = ['auto', 'light', 'dark'];
  const turn = () => {
    const next = order[(order.indexOf(theme) + 1) % order.length];
    localStorage.setItem(THEME, next);
    applyTheme(next);
    setTheme(next);
  };
  return html`<button type="button" class="quiet" onClick=${turn} title="Change the theme">Theme: ${theme}</button>`;
}

function applyTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function Channel({ where }) {
  const [said, onSay] = useReducer((count) => count + 1, 0);
  const channel = state.channels.find(({ id }) => id === state.channel);
  const timeline = state.timelines.get(state.channel);
  const answers = state.answers.filter(
    (answer) => answer.channel === state.channel && answer.thread === null,
  );
  return html`<main class="channel" aria-label=${`Channel ${channel.title}`}>
    <header>
      <button type="button" class="quiet back" aria-label="Channels" onClick=${() => showPanel('channels')}>☰</button>
      <h1><span aria-hidden="true">#</span> ${channel.title}</h1>
      <p>${channel.description}</p>
    </header>
    <${Scroll} key=${channel.id} stamp=${stampOf(timeline?.messages, answers)} said=${said} onTop=${loadOlder} label="Messages">
      ${timeline && !timeline.more && html`<p class="beginning">This is the beginning of #${channel.title}. Every change in the queue appears here; <code>/xax help</code> lists the commands.</p>`}
      <${Messages} messages=${timeline?.messages ?? []} answers=${answers} where=${where} />
    <//>
    <div id="write"><${Composer} key=${channel.id} where=${where} label=${`Message #${channel.title}`} onSay=${onSay} /></div>
  </main>`;
}

function Thread({ root }) {
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

const stampOf = (messages, answers) => `${messages?.at(-1)?.id}:${messages?.[0]?.id}:${answers.length}`;

/**
 * A list that stays at its end while new messages come, unless somebody has scrolled up to read; who writes (`said`: how
 * often so far) is taken to the end, where the answer appears.
 */
function Scroll({ children, stamp, said, onTop, label }) {
  const list = useRef(null);
  const atEnd = useRef(true);
  const before = useRef({ height: 0, top: 0 });
  const [hasNew, setHasNew] = useState(false);

  const toEnd = () => {
    atEnd.current = true;
    list.current.scrollTop = list.current.scrollHeight;
    setHasNew(false);
  };
  useLayoutEffect(toEnd, [said]);
  useLayoutEffect(() => {
    const element = list.current;
    const grewAbove = before.current.top < NEAR_TOP && !atEnd.current;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    else if (grewAbove) element.scrollTop = before.current.top + element.scrollHeight - before.current.height;
    else setHasNew(true);
    before.current = { height: element.scrollHeight, top: element.scrollTop };
  }, [stamp]);

  useEffect(() => {
    const element = list.current;
    const stay = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    stay.observe(element);
    for (const child of element.children) stay.observe(child);
    return () => stay.disconnect();
  }, []);

  const onScroll = () => {
    const element = list.current;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    before.current = { height: element.scrollHeight, top: element.scrollTop };
    if (atEnd.current) setHasNew(false);
    if (element.scrollTop < NEAR_TOP) onTop?.();
  };
  return html`<div class="scroller">
    <div class="list" ref=${list} role="log" aria-live="polite" aria-label=${label} tabindex="0" onScroll=${onScroll}><div>${children}</div></div>
    ${hasNew && html`<button type="button" class="new" onClick=${toEnd}>New messages ↓</button>`}
  </div>`;
}

applyTheme(localStorage.getItem(THEME) ?? 'auto');
render(html`<${App} />`, document.getElementById('app'));
boot();
