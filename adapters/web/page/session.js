import { followAddress } from './address.js';
import { onPrivate } from './answers.js';
import { enter, get, post } from './api.js';
import { follow } from './follow.js';
import * as key from './key.js';
import { tell } from './notify.js';
import { createPauses } from './pauses.js';
import { changed, signedOut, state } from './state.js';
import { load, onMessage, openChannel } from './timeline.js';

const LOGIN_OVER = 'This login is over: it was ended, or not used for 30 days.';

/** Tells the other pages of this browser that somebody has signed in. */
const pages = new BroadcastChannel('xaxbot.login');
pages.onmessage = () => state.phase === 'signed-out' && openAnew();

let stopFollowing = () => {};

/** The code of a link to enter by, wherever in a text it stands; undefined where none does. */
export const codeIn = (text) => /#enter=([\w-]+)/.exec(text)?.[1];

/** Opens the chat: by the link in the address, else by the key that this browser keeps. */
export async function boot() {
  await key.load();
  const code = codeIn(location.hash);
  if (code) return enterBy(code);
  if (!key.isKnown()) return signedOut(null);
  await open();
}

/** Signs in with the code of a link, as often as it takes to reach the bot. */
export async function enterBy(code) {
  try {
    await untilReached(() => enter(code));
    forgetLink();
    pages.postMessage('signed in');
  } catch (error) {
    forgetLink();
    await key.load();
    if (!key.isKnown()) return signedOut(error.message);
    state.notice = `${error.message} You are signed in already.`;
  }
  await openAnew();
}

const forgetLink = () => history.replaceState(null, '', location.pathname);

/** What is left of an earlier login goes with the page. */
const openAnew = () => (state.me === null ? key.load().then(open) : location.reload());

async function open() {
  try {
    const { me, channels, commands, seq, newest, ...about } = await untilReached(() => get('state'));
    Object.assign(state, { me, channels, commands, about, seq, newest });
    await untilReached(() => openChannel(channels[0].id));
  } catch (error) {
    return onSignedOut(error);
  }
  followAddress();
  state.phase = 'ready';
  changed();
  // What is unread there is counted.
  for (const { id } of state.channels) load(id).catch(() => {});
  const after = () => state.seq;
  stopFollowing = follow({
    after,
    onMessage: take,
    onPrivate,
    onState,
    onReload: () => location.reload(),
    onSignedOut,
  });
}

/** A message that is new, not an edit, is told where it concerns me. */
function take(message) {
  const isNew = message.id > state.newest;
  onMessage(message);
  if (isNew) tell(message);
}

/** Tries until the bot answers; meanwhile says what stands in the way. Rejects with what the bot refuses. */
async function untilReached(attempt) {
  const pauses = createPauses();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error.code !== 'unreachable' && error.code !== 'foreign') throw error;
      Object.assign(state, { phase: 'unreachable', problem: error.message });
      changed();
      await pauses.wait();
    }
  }
}

function onSignedOut({ code, message }) {
  signedOut(code === 'not-signed-in' ? LOGIN_OVER : message);
}

export async function leave() {
  stopFollowing();
  await post('leave', {}).catch(() => {});
  await key.drop();
  signedOut('You have signed out.');
}

function onState(connection, problem = null) {
  Object.assign(state, { connection, problem });
  changed();
}
