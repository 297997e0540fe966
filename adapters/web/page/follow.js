import { answer, ask } from './api.js';
import { createPauses } from './pauses.js';
import { Refusal, unreachable } from './refusal.js';

/** The server sends something at least every 15 s; after this long without anything the stream is dead. */
const SILENCE = 40_000;

/**
 * Follows the bot: `onMessage` gets every message that changed after `after()`, in order, once the stream is open and
 * after each loss from where it was lost. `onState` gets `live`, `over` (another page took its place) or `lost` with why.
 * `onReload` says that too much was missed. Returns what ends it.
 */
export function follow({ after, onMessage, onPrivate, onState, onReload, onSignedOut }) {
  let stopped = false;
  let silence;
  let abort;
  const pauses = createPauses();

  async function read() {
    abort = new AbortController();
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE);
    };
    alive();
    const response = await ask(`/api/stream?after=${after()}`, { signal: abort.signal });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await answer(response);
      stopped = true;
      return onReload();
    }
    onState('live');
    pauses.reset();
    let rest = '';
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      const events = (rest + value).split('\n\n');
      rest = events.pop();
      for (const event of events) dispatch(event);
    }
  }

  function dispatch(event) {
    const lines = event.split('\n');
    const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const data = field('data');
    if (data === undefined) return;
    if (field('event') === 'over') {
      stopped = true;
      onState('over');
    } else if (field('event') === 'private') onPrivate(JSON.parse(data));
    else onMessage(JSON.parse(data));
  }

  async function run() {
    while (!stopped) {
      let why = unreachable();
      await read().catch((error) => {
        // A stream that breaks off says no more than that nothing answers.
        if (error instanceof Refusal) why = error;
      });
      clearTimeout(silence);
      if (stopped) return;
      if (why.code === 'not-signed-in') return onSignedOut(why);
      onState('lost', why.message);
      await pauses.wait();
    }
  }
  run();
  return () => {
    stopped = true;
    abort.abort();
  };
}
