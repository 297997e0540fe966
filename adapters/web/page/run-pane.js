import { Answer } from './answer.js';
import { post } from './api.js';
import { Card } from './card.js';
import { html, useEffect, useRef, useState } from './htm-preact.js';
import { RunTabs } from './run-tabs.js';
import { askedFor, choose, runs, shownIn } from './runs.js';
import { AXES, PANES } from './runs-address.js';
import { state } from './state.js';

const EMPTY = {
  run: 'Choose a run in the list to see everything about it.',
  overlay: 'Tick runs in the list to lay their curves over one another.',
};

/** Beside the list: how the queue is, one run, several curves, the results. Answers of its buttons stand above it, and are seen with it alone. */
export function RunPane({ pane, withTabs }) {
  const message = shownIn(pane);
  const where = { channel: state.channel, thread: null, view: askedFor(pane) };
  const answers = state.answers.filter(({ view }) => view === where.view);
  const list = useRef(null);
  useEffect(() => {
    // What was looked at before this was shown is none of it.
    const at = answers.find(({ id }) => state.looked?.at === `answer-${id}`)?.id;
    if (at !== undefined) list.current.querySelector(`[data-at="answer-${at}"]`).scrollIntoView();
  }, [state.looked]);
  return html`<section class="run-pane" aria-label=${PANES[pane]}>
    <h2 class="heard">${PANES[pane]}</h2>
    ${withTabs && html`<${RunTabs} />`}
    ${pane === 'overlay' && runs.overlaid.length > 0 && html`<${Drawing} />`}
    <div ref=${list} class="list pane" id="pane" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${pane}`} aria-busy=${message === null ? 'true' : undefined}>
      ${answers.map((answer) => html`<${Answer} key=${answer.id} answer=${answer} where=${where} />`)}
      ${message === undefined && html`<p class="nothing">${EMPTY[pane]}</p>`}
      ${message === null && html`<p class="waiting" role="status">Looking…</p>`}
      ${message && html`<${Card} key=${where.view} message=${message} where=${where} on=${{ press: `runs-${pane}-${runs.open}`, below: null, thread: null }} />`}
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
      <select value=${runs.tag} onChange=${({ target }) => choose({ tag: target.value })}>
        <option value="">the objective, else the loss</option>
        ${tags.map((tag) => html`<option value=${tag}>${tag}</option>`)}
      </select>
    </label>
    <label>Over
      <select value=${runs.axis} onChange=${({ target }) => choose({ axis: target.value })}>
        ${AXES.map((axis) => html`<option value=${axis}>${axis === 'relative' ? 'time since its start' : axis}</option>`)}
      </select>
    </label>
    <button type="button" onClick=${() => choose({ overlaid: [] })}>Clear</button>
  </div>`;
}
