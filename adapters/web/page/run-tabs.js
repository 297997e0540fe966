import { html } from './htm-preact.js';
import { choose, paneShown, runs } from './runs.js';
import { PANES } from './runs-address.js';

/** What can be shown; `withList`: in place of the list, which is then the first of them. */
export function RunTabs({ withList = false }) {
  const shown = paneShown();
  const tabs = [...(withList ? [['list', 'List']] : []), ...Object.entries(PANES)];
  return html`<div class="panes" role="tablist" aria-label="What is shown">
    ${tabs.map(([pane, title]) => {
      const isShown = pane === (shown ?? 'list');
      const count = pane === 'overlay' && runs.overlaid.length > 0 ? ` (${runs.overlaid.length})` : '';
      return html`<button type="button" role="tab" id=${`tab-${pane}`} aria-controls="pane" aria-selected=${isShown ? 'true' : 'false'} onClick=${() => choose({ pane: pane === 'list' ? '' : pane })}>${title}${count}</button>`;
    })}
  </div>`;
}
