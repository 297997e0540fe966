import { html } from './htm-preact.js';
import { notifying, turnNotifying } from './notify.js';

const LABELS = { ask: 'Notify me', on: 'Notifications: on', off: 'Notifications: off' };
const ABOUT = 'Endings of your own runs and what needs you, while you look elsewhere';

export function NotifyButton() {
  const how = notifying();
  if (how === 'unavailable') return null;
  if (how === 'denied')
    return html`<small class="blocked">Notifications are blocked in this browser's settings.</small>`;
  return html`<button type="button" class="quiet" title=${ABOUT} onClick=${turnNotifying}>${LABELS[how]}</button>`;
}
