import { html, useState } from './htm-preact.js';

/** Text of more lines is a log, whose lines are kept as they are; of fewer, commands to copy. */
const COMMAND_LINES = 3;

export function Code({ text }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const isCommand = text.split('\n').length <= COMMAND_LINES;
  return html`<div class=${isCommand ? 'code command' : 'code'}>
    <pre tabindex="0" role="region" aria-label="Log lines">${text}</pre>
    <button type="button" class="quiet" onClick=${copy}>${copied ? 'Copied' : 'Copy'}</button>
  </div>`;
}
