import { html } from './htm-preact.js';
import { ICON } from './icon.js';
import { useNarrow } from './narrow.js';
import { NotifyButton } from './notify-button.js';
import { leave } from './session.js';
import { state } from './state.js';
import { ThemeButton } from './theme.js';
import { openChannel, openRuns } from './timeline.js';
import { unread } from './unread.js';

/** Whose chat it is, the channels, and what concerns the reader alone. */
export function Sidebar() {
  const isAll = useNarrow() && state.panel === 'channels';
  return isAll
    ? html`<main class="alone"><h1 class="heard">Channels</h1><${Channels} /></main>`
    : html`<${Channels} />`;
}

function Channels() {
  const { me, about, channels } = state;
  return html`<nav class="sidebar" aria-label="Channels">
    <header>
      <img src=${ICON} alt="" width="24" height="24" />
      <strong class="host">${about.hostLabel}</strong>
    </header>
    <ul>
      <li>
        <button type="button" class=${state.view === 'runs' ? 'current' : ''} aria-current=${state.view === 'runs' ? 'page' : undefined} onClick=${openRuns}><span aria-hidden="true">≡</span> Runs</button>
      </li>
      ${channels.map(({ id, title }) => {
        const count = unread(id);
        const isCurrent = state.view === 'chat' && id === state.channel;
        return html`<li key=${id}>
          <button type="button" class=${isCurrent ? 'current' : ''} aria-current=${isCurrent ? 'page' : undefined} onClick=${() => openChannel(id)}>
            <span aria-hidden="true">#</span> ${title}
            ${count > 0 && !isCurrent && html`<span class="count">${count}<span class="heard"> unread</span></span>`}
          </button>
        </li>`;
      })}
    </ul>
    <footer>
      <span title=${`${me.role ?? 'no role'}`}>${me.name} <small>${me.role}</small></span>
      <${NotifyButton} />
      <${ThemeButton} />
      <button type="button" class="quiet" onClick=${leave}>Sign out</button>
    </footer>
  </nav>`;
}
