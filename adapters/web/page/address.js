import { choose, runs } from './runs.js';
import { addressOf, chosenIn, isOfRuns } from './runs-address.js';
import { changed, state, subscribe } from './state.js';

/** Keeps the address to what is shown, so that a reload, a link to it and the browser's way back lead there. */
export function followAddress() {
  read();
  subscribe(write);
  addEventListener('popstate', () => {
    state.panel = 'timeline';
    read();
  });
}

/** Shows what the address asks for. */
function read() {
  state.view = isOfRuns(location.hash) ? 'runs' : 'chat';
  if (state.view === 'runs') choose(chosenIn(location.hash));
  else changed();
}

function write() {
  if (state.phase !== 'ready') return;
  const shown = state.view === 'runs' ? addressOf(runs) : '';
  if (location.hash === shown) return;
  // Another view is a step that can be taken back; what it is narrowed to is none.
  const isStep = stepOf(location.hash) !== stepOf(shown);
  history[isStep ? 'pushState' : 'replaceState'](null, '', shown || location.pathname);
}

function stepOf(hash) {
  if (!isOfRuns(hash)) return '';
  const { pane, open } = chosenIn(hash);
  return `runs ${pane} ${pane === 'run' ? open : ''}`;
}
