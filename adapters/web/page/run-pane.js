import { Answer } from './answer.js';
import { post } from './api.js';
import { Card } from './card.js';
import { html, useEffect, useState } from './htm-preact.js';
import { drawBy, runs, shownIn, showPane } from './runs.js';
import { state } from './state.js';

const PANES = { now: 'Now', run: 'Run', overlay: 'Curves', scoreboard: 'Scoreboard', week: 'Week' };
const EMPTY = {
  run: 'Choose a run in the list to see everything about it.',
  overlay: 'Tick runs in the list to lay their curves over one another.',
};

/** Beside the list: how the queue is, one run, several curves, the results. Answers of its buttons stand above. */
export function RunPane() {
  const message = shownIn(runs.pane);
  const where = { channel: state.channel, thread: null, view: 'runs' };
  const answers = state.answers.filter(({ view }) => view === 'runs');
  return html`<section class="run-pane" aria-label=${PANES[runs.pane]}>
    <h2 class="heard">${PANES[runs.pane]}</h2>
    <div class="panes" role="tablist" aria-label="What is shown">
      ${Object.entries(PANES).map(
        ([pane, title]) =>
          html`<button type="button" role="tab" id=${`tab-${pane}`} aria-controls="pane" aria-selected=${pane === runs.pane ? 'true' : 'false'} onClick=${() => showPane(pane)}>${title}${pane === 'overlay' && runs.overlaid.length > 0 ? ` (${runs.overlaid.length})` : ''}</button>`,
      )}
    </div>
    ${runs.pane === 'overlay' && runs.overlaid.length > 0 && html`<${Drawing} />`}
    <div class="list pane" id="pane" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${runs.pane}`} aria-busy=${message === null ? 'true' : undefined}>
      ${answers.map((answer) => html`<${Answer} key=${answer.id} answer=${answer} where=${where} />`)}
      ${message === undefined && html`<p class="nothing">${EMPTY[runs.pane]}</p>`}
      ${message === null && html`<p class="waiting" role="status">Looking…</p>`}
      ${message && html`<${Card} message=${message} where=${where} on=${{ press: `runs-${runs.pane}-${runs.open}`, below: null, thread: null }} />`}
    </div>
  </section>`;
}

/** Of which metric the curves are, and by what they are laid over one another. */
function Drawing() {
  const [tags, setTags] = useState([]);
  const jobs = runs.overlaid.join(' ');
  useEffect(() => {
    let current = true;
    const { channel } = state;
    post('suggest', { channel, command: 'compare', option: 'tag', typed: '', given: { jobs } }).then(
      ({ completions }) => current && setTags(completions.map(({ insert }) => insert)),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [jobs]);
  return html`<div class="run-filters">
    <label class="grows">Metric
      <select value=${runs.tag} onChange=${({ target }) => drawBy({ tag: target.value })}>
        <option value="">the objective, else the loss</option>
        ${tags.map((tag) => html`<option value=${tag}>${tag}</option>`)}
      </select>
    </label>
    <label>Over
      <select value=${runs.axis} onChange=${({ target }) => drawBy({ axis: target.value })}>
        ${['step', 'time', 'relative'].map((axis) => html`<option value=${axis}>${axis === 'relative' ? 'time since its start' : axis}</option>`)}
      </select>
    </label>
    <button type="button" onClick=${() => drawBy({ overlaid: [] })}>Clear</button>
  </div>`;
}
