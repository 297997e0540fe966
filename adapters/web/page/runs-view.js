import { html, useEffect } from './htm-preact.js';
import { RunFilters } from './run-filters.js';
import { RunList } from './run-list.js';
import { RunPane } from './run-pane.js';
import { refresh, runs } from './runs.js';
import { state } from './state.js';
import { showPanel } from './timeline.js';

/** What happens in the chat is looked up this long after it, so that many changes are one look, milliseconds. */
const SETTLE = 2_000;

/** The queue for those who would rather look than type: its runs, one of them, their curves, the scoreboard. */
export function Runs() {
  useEffect(() => {
    // A page that nobody looks at asks for nothing.
    if (document.hidden && runs.jobs) return undefined;
    const timer = setTimeout(refresh, runs.jobs ? SETTLE : 0);
    return () => clearTimeout(timer);
  }, [state.seq]);
  return html`<main class="runs" id="runs" tabindex="-1" aria-label="Runs">
    <header>
      <button type="button" class="quiet back" aria-label="Channels" onClick=${() => showPanel('channels')}>☰</button>
      <h1>Runs</h1>
      <p>${state.about.hostLabel}</p>
    </header>
    <div class="runs-body">
      <section class="run-list" aria-label="List of runs">
        <${RunFilters} />
        <${RunList} />
      </section>
      <${RunPane} />
    </div>
  </main>`;
}
