import { Composer } from './composer.js';
import { html } from './htm-preact.js';
import { Messages } from './messages.js';
import { Scroll } from './scroll.js';
import { state } from './state.js';
import { loadOlder, showPanel } from './timeline.js';

export function Channel({ where }) {
  const channel = state.channels.find(({ id }) => id === state.channel);
  const timeline = state.timelines.get(state.channel);
  const answers = state.answers.filter(
    ({ channel, thread, view }) => channel === state.channel && thread === null && view === 'chat',
  );
  const looked = state.looked?.thread === null ? state.looked : null;
  return html`<main class="channel" aria-label=${`Channel ${channel.title}`}>
    <header>
      <button type="button" class="quiet back" aria-label="Channels" onClick=${() => showPanel('channels')}>☰</button>
      <h1><span aria-hidden="true">#</span> ${channel.title}</h1>
      <p>${channel.description}</p>
    </header>
    <h2 class="heard">Messages</h2>
    <${Scroll} key=${channel.id} messages=${timeline?.messages} looked=${looked} onTop=${loadOlder} label="Messages">
      ${timeline && !timeline.more && html`<p class="beginning">This is the beginning of #${channel.title}. Every change in the queue appears here; <code>/xax help</code> lists the commands.</p>`}
      <${Messages} messages=${timeline?.messages ?? []} answers=${answers} where=${where} />
    <//>
    <div id="write"><${Composer} key=${channel.id} where=${where} label=${`Message #${channel.title}`} /></div>
  </main>`;
}
