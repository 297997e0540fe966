import { Copy } from './copy.js';
import { html } from './htm-preact.js';

/** Text of more lines is kept as it is; of fewer, it is commands to copy. */
const COMMAND_LINES = 3;

/** Text to read or copy as it stands, from its beginning. */
export function Code({ text }) {
  const isCommand = text.split('\n').length <= COMMAND_LINES;
  return html`<div class=${isCommand ? 'code command' : 'code'}>
    <pre tabindex="0" role="group" aria-label=${isCommand ? 'Command' : 'Text'}>${text}</pre>
    <${Copy} text=${text} />
  </div>`;
}
