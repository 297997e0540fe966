import { look } from './look.js';
import { changed } from './state.js';

/** So many runs are listed at a time. */
const PAGE = 50;
/** As many as a chart tells apart. */
export const OVERLAID_MAX = 7;

/** What the page of runs shows; only the functions here change it. */
export const runs = {
  /** What is looked for: a status, part of a task's name, whose. */
  filter: { status: '', task: '', owner: '' },
  /** Newest first; null before they were read. */
  jobs: null,
  /** What names the place behind the last of them; null where there are no more. */
  next: null,
  problem: null,
  /** Keys of the runs whose curves are overlaid, in the order in which they were chosen. */
  overlaid: [],
  /** The run that is looked at, as its key. */
  open: null,
  pane: 'now',
  tag: '',
  axis: 'step',
  /** What each pane showed last, by what was asked for it. */
  replies: new Map(),
};

/** A run's key, as commands take it. */
export const keyOf = ({ queue, jobId, enqueuedAt }) => `${queue}/${jobId}@${enqueuedAt}`;
export const nameOf = ({ name, jobId }) => name ?? jobId;

/** Each pane is what a command answers; undefined where nothing is chosen for it yet. */
const PANES = {
  now: () => ['status', {}],
  run: () => (runs.open === null ? undefined : ['job', { job: runs.open }]),
  overlay: () =>
    runs.overlaid.length === 0
      ? undefined
      : [
          'compare',
          { jobs: runs.overlaid.join(' '), axis: runs.axis, ...(runs.tag === '' ? {} : { tag: runs.tag }) },
        ],
  scoreboard: () => ['scoreboard', {}],
  week: () => ['week', {}],
};

const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== ''));

let asked = 0;
/** Reads the list anew, as far as it was read, and what the pane shows. */
export async function refresh() {
  asked += 1;
  const number = asked;
  const limit = Math.min(200, Math.max(PAGE, runs.jobs?.length ?? 0));
  const [listed] = await Promise.all([read({ limit: String(limit) }), fill()]);
  if (number !== asked || !listed) return;
  Object.assign(runs, listed);
  changed();
}

export async function older() {
  const listed = await read({ limit: String(PAGE), before: runs.next });
  if (!listed) return;
  runs.jobs = [...runs.jobs, ...listed.jobs];
  runs.next = listed.next;
  changed();
}

async function read(options) {
  try {
    const { ok, data, message } = await look('jobs', given({ ...runs.filter, ...options }));
    runs.problem = ok ? null : words(message);
    return ok ? data : null;
  } catch (error) {
    runs.problem = error.message;
    changed();
    return null;
  }
}

/** Asks for what the pane shows; what it showed stays until that has come. */
async function fill() {
  const { pane } = runs;
  const command = PANES[pane]();
  if (!command) return;
  const key = JSON.stringify(command);
  const reply = await look(...command).catch((error) => ({
    message: { blocks: [{ kind: 'text', text: error.message }] },
  }));
  runs.replies.set(pane, { key, message: reply.message });
  changed();
}

/** What a pane shows: undefined where nothing is chosen for it, null while it is asked for. */
export function shownIn(pane) {
  const command = PANES[pane]();
  if (!command) return undefined;
  const reply = runs.replies.get(pane);
  return reply?.key === JSON.stringify(command) ? reply.message : null;
}

export function filterBy(change) {
  Object.assign(runs.filter, change);
  runs.jobs = null;
  changed();
  return refresh();
}

export function showPane(pane) {
  runs.pane = pane;
  changed();
  return fill();
}

export function openRun(key) {
  runs.open = key;
  return showPane('run');
}

/** Puts a run's curve over the others, or takes it away. */
export function overlay(key, isOn) {
  runs.overlaid = runs.overlaid.filter((each) => each !== key);
  if (isOn) runs.overlaid = [...runs.overlaid, key].slice(-OVERLAID_MAX);
  return showPane('overlay');
}

export function drawBy(change) {
  Object.assign(runs, change);
  return showPane('overlay');
}

/** A message of one text, as a refusal is. */
const words = ({ blocks }) =>
  blocks
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join(' ')
    .trim() || 'It was refused.';
