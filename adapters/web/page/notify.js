import { ICON } from './icon.js';
import { plain } from './inlines.js';
import { changed, state } from './state.js';
import { openChannel, openThread } from './timeline.js';

const WANTED = 'xaxbot.notify';
/** The newest message that any page of this browser has told or shown. */
const TOLD = 'xaxbot.told';
/** A page that somebody looks at is let go first: what is seen there is not told by another. Milliseconds. */
const GRACE = 400;
/** How much of a message a notification holds, characters. */
const LONGEST = 160;

/** Whether notifications can be asked for, are shown, are switched off, or are refused by the browser. */
export function notifying() {
  if (!('Notification' in globalThis) || !navigator.locks) return 'unavailable';
  if (Notification.permission !== 'granted') return Notification.permission === 'denied' ? 'denied' : 'ask';
  return localStorage.getItem(WANTED) === 'no' ? 'off' : 'on';
}

/** Asks the browser the first time, then switches on and off. */
export async function turnNotifying() {
  const isOn = notifying() === 'on';
  if (notifying() === 'ask') await Notification.requestPermission();
  localStorage.setItem(WANTED, isOn ? 'no' : 'yes');
  changed();
}

/** Tells me of a new message that is meant for me: one that names me, or that the bot says to me alone. Once over all pages. */
export async function tell(message) {
  if (message.author !== null || !concerns(message, state.me.id)) return;
  if (notifying() !== 'on') return;
  const isSeen = () => !document.hidden && document.hasFocus();
  if (!isSeen()) await new Promise((resolve) => setTimeout(resolve, GRACE));
  await navigator.locks.request(TOLD, () => {
    if (Number(localStorage.getItem(TOLD) ?? 0) >= message.id) return;
    localStorage.setItem(TOLD, String(message.id));
    if (!isSeen()) show(message);
  });
}

function concerns({ channel, message }, me) {
  const texts = message.blocks.flatMap(({ text }) => (Array.isArray(text) ? text : []));
  return channel.startsWith('dm:') || texts.some((piece) => piece.mention === me);
}

function show({ id, channel, thread, message }) {
  const words = message.blocks.map(({ text }) => (text ? plain(text) : '')).filter((each) => each !== '');
  const [title = 'xaxbot', ...rest] = words.map((each) => each.slice(0, LONGEST));
  const shown = new Notification(title, {
    body: rest.slice(0, 2).join('\n'),
    icon: ICON,
    tag: `xaxbot-${id}`,
  });
  shown.onclick = async () => {
    globalThis.focus();
    shown.close();
    await openChannel(channel);
    if (thread !== null) await openThread(thread);
  };
}
