import { html } from './htm-preact.js';
import { keyOf, nameOf, older, openRun, overlay, paneShown, runs } from './runs.js';
import { OVERLAID_MAX } from './runs-address.js';
import { Time } from './times.js';

/** What stands out; a dot of any other status is plain. */
const DOTS = { running: 'active', completed: 'good', failed: 'bad' };

/** The runs that were found, newest first. */
export function RunList() {
  const { jobs, next, problem } = runs;
  if (problem) return html`<p class="problem" role="alert">${problem}</p>`;
  if (!jobs) return html`<p class="waiting" role="status">Looking…</p>`;
  if (jobs.length === 0) return html`<p class="nothing" role="status">No runs match.</p>`;
  return html`<ul class="run-rows" tabindex="0" aria-label="Runs, newest first">${jobs.map((job) => html`<${Run} key=${keyOf(job)} job=${job} />`)}</ul>
    ${next !== null && html`<button type="button" onClick=${older}>Older runs</button>`}`;
}

function Run({ job }) {
  const key = keyOf(job);
  const name = nameOf(job);
  const isOpen = runs.open === key && paneShown() === 'run';
  const isOverlaid = runs.overlaid.includes(key);
  const isFull = !isOverlaid && runs.overlaid.length >= OVERLAID_MAX;
  const hasCurve = job.startedAt !== null;
  const task = job.taskKey.slice(job.taskKey.lastIndexOf('.') + 1);
  const since = job.endedAt ?? job.startedAt ?? job.enqueuedAt;
  const status = job.removed ? `${job.status}, gone` : job.status;
  return html`<li class=${isOpen ? 'open' : undefined}>
    <input type="checkbox" checked=${isOverlaid} disabled=${!hasCurve || isFull} aria-label=${`Overlay the curve of ${name}`} title=${hasCurve ? `Overlay the curve of ${name}` : 'It has no curve yet'} onChange=${({ target }) => overlay(key, target.checked)} />
    <button type="button" class="run" aria-current=${isOpen ? 'true' : undefined} onClick=${() => openRun(key)}>
      <span class="run-name"><code>${name}</code> ${task}</span>
      <span class=${`run-status ${DOTS[job.status] ?? ''}`}>${status}</span>
      <span class="run-by">${job.owner ? `by ${job.owner}, ` : ''}<${Time} time=${since * 1000} style="relative" /></span>
      ${job.cause && html`<span class="run-cause">${job.cause}</span>`}
    </button>
  </li>`;
}
