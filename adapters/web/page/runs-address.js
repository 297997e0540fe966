/** What the address of the page of runs begins with. */
const RUNS = '#runs';
export const STATUSES = ['running', 'queued', 'completed', 'failed', 'cancelled', 'ended'];
export const AXES = ['step', 'time', 'relative'];
/** What is shown beside the list, by its title. */
export const PANES = { now: 'Now', run: 'Run', overlay: 'Curves', scoreboard: 'Scoreboard', week: 'Week' };
/** As many curves as a chart tells apart. */
export const OVERLAID_MAX = 7;

/** What the page of runs shows before anything is chosen, all of which its address holds. */
export const UNCHOSEN = {
  /** What is looked for: a status, part of a task's name, whose. */
  filter: { status: '', task: '', owner: '' },
  /** One of PANES; empty where none was chosen. */
  pane: '',
  /** The run that is looked at, as its key. */
  open: '',
  /** Keys of the runs whose curves are overlaid, in the order in which they were chosen. */
  overlaid: [],
  tag: '',
  axis: 'step',
};

/** Whether an address is that of the page of runs; `hash`: with its `#`. */
export const isOfRuns = (hash) => hash === RUNS || hash.startsWith(`${RUNS}?`);

/** The address, from its `#` on, at which others see the same. */
export function addressOf({ filter, pane, open, overlaid, tag, axis }) {
  const chosen = {
    ...filter,
    pane,
    run: open,
    over: overlaid.join(' '),
    tag,
    axis: axis === UNCHOSEN.axis ? '' : axis,
  };
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ''));
  return query.size > 0 ? `${RUNS}?${query}` : RUNS;
}

/** What an address asks to see; what it has that there is not, is left out. */
export function chosenIn(hash) {
  const query = new URLSearchParams(hash.slice(RUNS.length + 1));
  const text = (name) => query.get(name)?.trim() ?? '';
  const oneOf = (name, known) => (known.includes(text(name)) ? text(name) : undefined);
  return {
    filter: { status: oneOf('status', STATUSES) ?? '', task: text('task'), owner: text('owner') },
    pane: oneOf('pane', Object.keys(PANES)) ?? '',
    open: text('run'),
    overlaid: [...new Set(text('over').split(/\s+/))].filter((key) => key !== '').slice(0, OVERLAID_MAX),
    tag: text('tag'),
    axis: oneOf('axis', AXES) ?? UNCHOSEN.axis,
  };
}
