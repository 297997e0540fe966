import { html, useEffect, useRef, useState } from './htm-preact.js';
import { filterBy, runs } from './runs.js';
import { STATUSES } from './runs-address.js';
import { state } from './state.js';

/** After the last key, milliseconds. */
const TYPED = 300;

/** What the list is narrowed to. */
export function RunFilters() {
  const { status, owner } = runs.filter;
  const [task, setTask] = useState(runs.filter.task);
  const isFirst = useRef(true);
  // The way back in the browser may lead to another.
  useEffect(() => {
    if (runs.filter.task !== task.trim()) setTask(runs.filter.task);
  }, [runs.filter.task]);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return undefined;
    }
    const timer = setTimeout(() => filterBy({ task: task.trim() }), TYPED);
    return () => clearTimeout(timer);
  }, [task]);
  return html`<form class="run-filters" role="search" aria-label="Runs" onSubmit=${(event) => event.preventDefault()}>
    <label>Status
      <select value=${status} onChange=${({ target }) => filterBy({ status: target.value })}>
        <option value="">all</option>
        ${STATUSES.map((each) => html`<option value=${each}>${each}</option>`)}
      </select>
    </label>
    <label class="grows">Task
      <input type="search" value=${task} placeholder="part of its name" maxlength="200" onInput=${({ target }) => setTask(target.value)} />
    </label>
    <label class="check">
      <input type="checkbox" checked=${owner !== ''} onChange=${({ target }) => filterBy({ owner: target.checked ? state.me.name : '' })} />
      ${owner === '' || owner === state.me.name ? 'mine only' : `only ${owner}'s`}
    </label>
  </form>`;
}
