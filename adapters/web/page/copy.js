import { html, useState } from './htm-preact.js';

/** How long it says so, milliseconds. */
const SAID = 1_500;

export function Copy({ text }) {
  const [said, setSaid] = useState(null);
  const copy = async () => {
    // Over plain HTTP, but for this machine itself, a browser has no clipboard.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(done ? 'Copied' : 'Cannot copy');
    setTimeout(() => setSaid(null), SAID);
  };
  return html`<button type="button" class="quiet copy" onClick=${copy}>${said ?? 'Copy'}</button>`;
}
