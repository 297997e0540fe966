import { ICON, ICON_UNREAD } from './icon.js';

/** What the page is called in its tab, and its picture there, with what is unread. */
export function showTitle(state, unread) {
  document.title = titleOf(state, unread);
  const icon = unread > 0 ? ICON_UNREAD : ICON;
  const link = document.querySelector('link[rel="icon"]');
  if (link.href !== icon) link.href = icon;
}

function titleOf({ phase, about }, unread) {
  if (phase === 'signed-out') return 'Sign in – xaxbot';
  if (phase === 'unreachable') return 'Waiting for xaxbot';
  const count = unread > 0 ? `(${unread}) ` : '';
  return `${count}xaxbot ${about.hostLabel}${about.simulated ? ' (simulated)' : ''}`.trim();
}
