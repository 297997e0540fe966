import * as key from './key.js';

/** First and longest pause before a lost stream is opened again, milliseconds. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/** The server sends something at least every 15 s; after this long without anything the stream is dead. */
const SILENCE = 40_000;

/** What the server answered instead: `code`, words, and what to do. */
export class Refusal extends Error {
  constructor({ code, message, hint }) {
    super(hint ? `${message} ${hint}` : message);
    this.code = code;
  }
}

/**
 * A request that this browser has signed. When the bot names another challenge to sign with (it has none yet, its last one is
 * old, the bot was restarted), nothing was done, and the request is signed again.
 */
async function ask(path, init = {}) {
  const { method = 'GET', body } = init;
  const send = async () => {
    const proof = await key.signed(method, path, body);
    return fetch(path, { ...init, headers: { ...init.headers, ...proof } });
  };
  const response = await send();
  const wanted = response.headers.get('xaxbot-challenge');
  if (wanted === null) return response;
  key.take(wanted);
  return send();
}

async function answer(response) {
  const json = await response.json().catch(() => ({}));
  if (response.ok) return json;
  throw new Refusal(
    json.error ?? { code: 'refused', message: `The bot answered ${response.status}.`, hint: '' },
  );
}

/** Signs this browser in with the code of a link. */
export async function enter(code) {
  const made = await key.make();
  await post('enter', { code, key: made.key });
  await made.keep();
}

export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return ask(`/api/${path}${search}`).then(answer);
}

export function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  return ask(`/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).then(answer);
}

const blobs = new Map();

/** A kept file as an object URL; the same file is fetched once. */
export function fileUrl(name) {
  if (!blobs.has(name)) {
    const url = ask(`/api/files/${name}`).then(async (response) => {
      if (!response.ok) throw new Refusal({ code: 'file', message: 'The file no longer exists.', hint: '' });
      return URL.createObjectURL(await response.blob());
    });
    url.catch(() => blobs.delete(name));
    blobs.set(name, url);
  }
  return blobs.get(name);
}

/**
 * Follows the bot: `onMessage` gets every message that changed after `after()`, in order, once the stream is open and
 * after each loss from where it was lost. `onReload` says that too much was missed.
 */
export function follow({ after, onMessage, onPrivate, onState, onReload, onSignedOut }) {
  let stopped = false;
  let pause = FIRST_PAUSE;
  let silence;

  async function read() {
    const abort = new AbortController();
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENCE);
    };
    alive();
    const response = await ask(`/api/stream?after=${after()}`, { signal: abort.signal });
    if (!response.ok) {
      const { code } = await answer(response).catch((error) => error);
      if (code === 'not-signed-in') {
        stopped = true;
        return onSignedOut();
      }
      throw new Error(code);
    }
    if (response.headers.get('content-type').startsWith('application/json')) {
      stopped = true;
      return onReload();
    }
    onState('live');
    pause = FIRST_PAUSE;
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
      await read().catch(() => {});
      clearTimeout(silence);
      if (stopped) return;
      onState('lost');
      await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }
  run();
}
