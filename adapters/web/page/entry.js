import { html, useState } from './htm-preact.js';
import { ICON } from './icon.js';
import { hurry } from './pauses.js';
import { codeIn, enterBy } from './session.js';
import { state } from './state.js';

/** What stands instead of the chat until it is open. */
export function Entry() {
  const { phase, problem } = state;
  return html`<main class="entry">
    <img src=${ICON} alt="" width="48" height="48" />
    ${phase === 'starting' && html`<h1>xaxbot</h1><p aria-live="polite">Opening the chat…</p>`}
    ${
      phase === 'unreachable' &&
      html`<h1>Waiting for xaxbot</h1>
      <p class="problem" role="alert">${problem}</p>
      <p>The chat opens by itself once it answers. On the host, <code>xaxbot doctor</code> says what is missing.</p>
      <button type="button" class="primary" onClick=${hurry}>Try now</button>`
    }
    ${phase === 'signed-out' && html`<h1>Sign in to xaxbot</h1>${problem && html`<p class="problem" role="alert">${problem}</p>`}<${SignIn} />`}
  </main>`;
}

function SignIn() {
  return html`<ol>
    <li>
      On the host where xaxbot runs, ask for a link:
      <pre tabindex="0" role="region" aria-label="Command">xaxbot web-link</pre>
      <small>In a checkout of it: <code>npm run -s xaxbot -- web-link</code>. Where there are several people, it says whom you can name.</small>
    </li>
    <li>If this browser is on another machine, run the <code>ssh -L</code> that it prints, and leave it open.</li>
    <li>Open the link in this browser, or paste it here. It works once, within ten minutes.<${Paste} /></li>
  </ol>`;
}

function Paste() {
  const [problem, setProblem] = useState(null);
  const onSubmit = (event) => {
    event.preventDefault();
    const code = codeIn(new FormData(event.target).get('link'));
    if (code) enterBy(code);
    else setProblem('That is no link of "xaxbot web-link": one ends in #enter= and a code.');
  };
  return html`<form class="paste" onSubmit=${onSubmit}>
    <input name="link" type="url" aria-label="Link" placeholder="http://127.0.0.1:8787/…#enter=…" autocomplete="off" required aria-invalid=${problem ? 'true' : undefined} />
    <button type="submit" class="primary">Sign in</button>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
  </form>`;
}
