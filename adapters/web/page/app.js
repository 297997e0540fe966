import { Banners } from './banners.js';
import { Channel } from './channel.js';
import { Entry } from './entry.js';
import { Form } from './form.js';
import { html, render, useLayoutEffect, useReducer } from './htm-preact.js';
import { Runs } from './runs-view.js';
import { boot } from './session.js';
import { Sidebar } from './sidebar.js';
import { state, subscribe } from './state.js';
import { Thread } from './thread.js';
import { showTitle } from './title.js';
import { unreadInAll } from './unread.js';

function App() {
  const [, redraw] = useReducer((count) => count + 1, 0);
  // Before the first paint, which may be late (a tab in the background): what changes from now on is drawn.
  useLayoutEffect(() => subscribe(redraw), []);
  useLayoutEffect(() => {
    showTitle(state, state.phase === 'ready' ? unreadInAll() : 0);
  });
  if (state.phase !== 'ready') return html`<${Entry} />`;
  const where = { channel: state.channel, thread: null };
  const isOfRuns = state.view === 'runs';
  // The address of the page of runs says what it shows.
  const toRuns = (event) => {
    event.preventDefault();
    document.getElementById('runs').focus();
  };
  return html`<a class="skip" href=${isOfRuns ? '#runs' : '#write'} onClick=${isOfRuns ? toRuns : undefined}>${isOfRuns ? 'Skip to the runs' : 'Skip to the message box'}</a>
    <div class=${`chat show-${state.panel} ${state.thread === null || isOfRuns ? '' : 'with-thread'}`}>
      <${Banners} />
      <${Sidebar} />
      ${isOfRuns ? html`<${Runs} />` : html`<${Channel} where=${where} />`}
      ${!isOfRuns && state.thread !== null && html`<${Thread} key=${state.thread} root=${state.thread} />`}
    </div>
    ${state.form && html`<${Form} key=${state.form.id} form=${state.form} />`}`;
}

render(html`<${App} />`, document.getElementById('app'));
boot();
