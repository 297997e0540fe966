import { html } from './htm-preact.js';
import { ICON } from './icon.js';
import { state } from './state.js';

/** What stands instead of the chat where nobody is signed in. */
export function Entry() {
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
