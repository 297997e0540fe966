import { onPrivate } from './answers.js';
import { enter, follow, get, post, Refusal } from './api.js';
import * as key from './key.js';
import { changed, signedOut, state } from './state.js';
import { onMessage, openChannel } from './timeline.js';

export async function boot() {
  await key.load();
  const link = /^#enter=(.+)$/.exec(location.hash)?.[1];
  if (link) {
    history.replaceState(null, '', location.pathname);
    try {
      await enter(link);
    } catch (error) {
      await key.load();
      if (!key.isKnown()) return signedOut(error.message);
      state.problem = error.message;
    }
  }
  if (!key.isKnown()) return signedOut(null);
  try {
    const { me, channels, seq, ...about } = await get('state');
    Object.assign(state, { me, channels, about, seq, phase: 'ready' });
    document.title = `xaxbot ${about.hostLabel}${about.simulated ? ' (simulated)' : ''}`;
    await openChannel(channels[0].id);
    follow({
      after: () => state.seq,
      onMessage,
      onPrivate,
      onState,
      onReload: () => location.reload(),
      onSignedOut: () => signedOut(null),
    });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not-signed-in') return signedOut(error.message);
    state.phase = 'unreachable';
    state.problem = error.message;
    changed();
  }
}

export async function leave() {
  await post('leave', {}).catch(() => {});
  await key.drop();
  signedOut('You have left the chat.');
}

function onState(connection) {
  state.connection = connection;
  changed();
}
