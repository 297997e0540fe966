import { html } from './htm-preact.js';
import { hurry } from './pauses.js';
import { changed, state } from './state.js';

/** What concerns the whole chat, above it. */
export function Banners() {
  const { about, connection, problem, notice } = state;
  return html`<div class="banners">
    ${about.simulated && html`<p class="banner" role="status"><strong>Simulated queue.</strong> Nothing here is a real training job.</p>`}
    ${notice && html`<p class="banner" role="status">${notice} <button type="button" onClick=${putAway}>OK</button></p>`}
    ${connection === 'lost' && html`<p class="banner lost" role="status"><strong>Connection lost.</strong> ${problem} It comes back by itself. <button type="button" onClick=${hurry}>Try now</button></p>`}
    ${connection === 'over' && html`<p class="banner lost" role="status">You have this chat open in many places. <button type="button" onClick=${() => location.reload()}>Go on here</button></p>`}
  </div>`;
}

function putAway() {
  state.notice = null;
  changed();
}
