import { look } from './look.js';
import { areRunsNarrow } from './narrow.js';
import { OVERLAID_MAX, UNCHOSEN } from './runs-address.js';
import { changed } from './state.js';

/** So many runs are listed at a time. */
const PAGE = 50;

/** What the page of runs shows; only the functions here change it. */
export const runs = {
  ...UNCHOSEN,
  /** Newest first; null before they were read. */
  jobs: null,
  /** What names the place behind the last of them; null where there are no more. */
  next: null,
  problem: null,
  /** What each pane showed last, by what was asked for it. */
  replies: new Map(),
};

/** A run's key, as commands take it. */
export const keyOf = ({ queue, jobId, enqueuedAt }) => `${queue}/${jobId}@${enqueuedAt}`;
export const nameOf = ({ name, jobId }) => name ?? jobId;

/** Each pane is what a command answers; undefined where nothing is chosen for it yet. */
const COMMANDS = {
  now: () => ['status', {}],
  run: () => (runs.open === '' ? undefined : ['job', { job: runs.open }]),
  overlay: () =>
    runs.overlaid.length === 0
      ? undefined
      : ['compare', given({ jobs: runs.overlaid.join(' '), axis: runs.axis, tag: runs.tag })],
  scoreboard: () => ['scoreboard', {}],
  week: () => ['week', {}],
};

const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== ''));

/** The pane that is shown; null for none, where there is room for the list or a pane. */
export const paneShown = () => runs.pane || (areRunsNarrow() ? null : 'now');

/** What is asked for it, as text; undefined for nothing. */
export const askedFor = (pane) => pane && JSON.stringify(COMMANDS[pane]());

let asked = 0;
/** Reads the list anew, as far as it was read. */
export async function list() {
  asked += 1;
  const number = asked;
  const limit = Math.min(200, Math.max(PAGE, runs.jobs?.length ?? 0));
  const listed = await read({ limit: String(limit) });
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

/** Asks for what the pane shows; what it showed stays until that has come. `unseen`: nobody has asked the page to. */
export async function fill({ unseen }) {
  const pane = paneShown();
  const key = askedFor(pane);
  if (!key) return;
  const reply = await look(...JSON.parse(key), { unseen }).catch((error) => ({
    message: { blocks: [{ kind: 'text', text: error.message }] },
  }));
  // Another may have been chosen meanwhile, and be shown already.
  if (askedFor(pane) !== key) return;
  runs.replies.set(pane, { key, message: reply.message });
  changed();
}

/** What a pane shows: undefined where nothing is chosen for it, null while it is asked for. */
export function shownIn(pane) {
  const key = askedFor(pane);
  if (!key) return undefined;
  const reply = runs.replies.get(pane);
  return reply?.key === key ? reply.message : null;
}

/** Chooses some of UNCHOSEN's; what it takes is asked for by the view. */
export function choose(chosen) {
  const { filter } = runs;
  Object.assign(runs, chosen);
  if (JSON.stringify(filter) !== JSON.stringify(runs.filter)) runs.jobs = null;
  changed();
}

export const filterBy = (change) => choose({ filter: { ...runs.filter, ...change } });
export const openRun = (key) => choose({ open: key, pane: 'run' });

/** Puts a run's curve over the others, or takes it away. */
export function overlay(key, isOn) {
  const others = runs.overlaid.filter((each) => each !== key);
  const overlaid = isOn ? [...others, key].slice(-OVERLAID_MAX) : others;
  // Where the curves would cover the list, more are ticked in it first.
  choose({ overlaid, ...(areRunsNarrow() ? {} : { pane: 'overlay' }) });
}

/** A message of one text, as a refusal is. */
const words = ({ blocks }) =>
  blocks
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join(' ')
    .trim() || 'It was refused.';
