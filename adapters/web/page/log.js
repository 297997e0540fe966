import { Copy } from './copy.js';
import { passages } from './failures.js';
import { html, useLayoutEffect, useRef } from './htm-preact.js';
import { changed, state } from './state.js';

const WRAPS = 'xaxbot.wraps';
state.wrapsLogs = localStorage.getItem(WRAPS) !== 'no';

function turn() {
  state.wrapsLogs = !state.wrapsLogs;
  localStorage.setItem(WRAPS, state.wrapsLogs ? 'yes' : 'no');
  changed();
}

/** Lines of a log: open at their end, with what failed marked, broken to fit unless switched off. */
export function Log({ text }) {
  const lines = useRef(null);
  const found = passages(text);
  const failures = found.filter(({ failed }) => failed).length;
  useLayoutEffect(() => {
    lines.current.scrollTop = lines.current.scrollHeight;
  }, [text, state.wrapsLogs]);
  return html`<div class="code log">
    <div class="tools">
      <span>${failures === 0 ? 'Log' : `Log, ${failures} ${failures === 1 ? 'failure' : 'failures'} marked`}</span>
      <button type="button" class="quiet" aria-pressed=${state.wrapsLogs ? 'true' : 'false'} onClick=${turn}>Wrap lines</button>
      <${Copy} text=${text} />
    </div>
    <pre ref=${lines} class=${state.wrapsLogs ? 'wraps' : undefined} tabindex="0" role="group" aria-label="Log lines">${found.map(({ failed, words }) => (failed ? html`<mark>${words}</mark>` : words))}</pre>
  </div>`;
}
