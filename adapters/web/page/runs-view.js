import { html, useEffect, useRef } from './htm-preact.js';
import { useNarrowRuns } from './narrow.js';
import { RunFilters } from './run-filters.js';
import { RunList } from './run-list.js';
import { RunPane } from './run-pane.js';
import { RunTabs } from './run-tabs.js';
import { askedFor, fill, list, paneShown, runs } from './runs.js';
import { state } from './state.js';
import { showPanel } from './timeline.js';
import { useVisible } from './visible.js';

/** What happens in the chat is looked up this long after it, so that many changes are one look, milliseconds. */
const SETTLE = 2_000;

/** The queue for those who would rather look than type: its runs, one of them, their curves, the scoreboard. */
export function Runs() {
  const isNarrow = useNarrowRuns();
  const pane = paneShown();
  useEffect(() => void list(), [JSON.stringify(runs.filter)]);
  useEffect(() => void fill({ unseen: runs.jobs === null && cameByItself() }), [askedFor(pane)]);
  useFollowing();
  return html`<main class="runs" id="runs" tabindex="-1" aria-label="Runs">
    <header>
      <button type="button" class="quiet back" aria-label="Channels" onClick=${() => showPanel('channels')}>☰</button>
      <h1>Runs</h1>
      <p>${state.about.hostLabel}</p>
    </header>
    ${isNarrow && html`<${RunTabs} withList />`}
    <div class="runs-body">
      ${(!isNarrow || pane === null) && html`<${Listed} isPane=${isNarrow} />`}
      ${pane !== null && html`<${RunPane} pane=${pane} withTabs=${!isNarrow} />`}
    </div>
  </main>`;
}

/** The list; where there is no room beside it, it is one of the panes. */
function Listed({ isPane }) {
  const part = isPane
    ? { id: 'pane', role: 'tabpanel', 'aria-labelledby': 'tab-list' }
    : { 'aria-label': 'List of runs' };
  return html`<section class="run-list" ...${part}>
    <${RunFilters} />
    <${RunList} />
  </section>`;
}

/** Shows what has changed; a page that nobody looks at asks for nothing until somebody does. */
function useFollowing() {
  const isVisible = useVisible();
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current || !isVisible) {
      isFirst.current = false;
      return undefined;
    }
    const timer = setTimeout(() => {
      list();
      fill({ unseen: true });
    }, SETTLE);
    return () => clearTimeout(timer);
  }, [state.seq, isVisible]);
}

/** Whether nobody has opened the page just now: a browser opens its tabs again, and a page that missed much reloads. */
function cameByItself() {
  return document.hidden || performance.getEntriesByType('navigation')[0]?.type === 'reload';
}
