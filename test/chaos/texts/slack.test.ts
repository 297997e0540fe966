import { it } from 'vitest';
import { render } from '../../../adapters/slack/render.ts';
import { seen as seenInSlack } from '../../servers/slack/seen.ts';
import { callProblems } from '../../validators/slack/methods.ts';
import { tryTexts } from './faults.ts';
import { type Placed, placed, says } from './placed.ts';

const NOW = Date.parse('2026-11-23T15:24:04Z');
const CONTEXT = {
  accountOf: () => undefined,
  actions: { idOf: () => 'k3x9', byId: () => undefined },
  imageId: () => 'F0CHART',
  timezone: 'UTC',
  now: NOW,
};

/** What is wrong with how Slack takes and draws a message, and a Home tab of it. */
function faults({ message, seen, place }: Placed): string[] {
  const { text, blocks, overflow } = render(message, { ...CONTEXT, surface: 'message' });
  const home = render(message, { ...CONTEXT, surface: 'home' });
  const found = [
    ...callProblems('chat.postMessage', { channel: 'C0QUEUE', text, blocks }),
    ...callProblems('chat.update', { channel: 'C0QUEUE', ts: '1.2', text, blocks }),
    ...callProblems('views.publish', { user_id: 'U0ADA', view: { type: 'home', blocks: home.blocks } }),
  ].map((problem) => `broken: ${problem}`);
  // What a notification shows is read for markup as if no blocks stood beside it.
  const notification = seenInSlack({ text });
  const shown = seenInSlack({ blocks });
  for (const { notified, links } of [seenInSlack({ text, blocks }), shown]) {
    if (notified.length > 0) found.push(`mention: ${notified}`);
    if (links.length > 0) found.push(`link: ${links}`);
  }
  if (notification.notified.length > 0) found.push(`mention in the notification: ${notification.notified}`);
  if (shown.formatting.length > 0) found.push(`markup: ${shown.formatting}`);
  if (JSON.stringify(blocks).includes('"emoji":true')) found.push('markup: emoji');
  const alt = blocks.flatMap((block) => ('alt_text' in block ? [String(block.alt_text)] : [])).join('');
  if (overflow === undefined && place !== 'table' && !says(shown.text + alt, seen))
    found.push(`says: ${shown.text}${alt}`);
  return found;
}

it('Slack draws what people wrote as they wrote it, and nothing of it acts', async ({ task }) => {
  const attack = 'texts in every place of a message, drawn by Slack';
  await tryTexts(task, { attack, ci: 60 }, (text, index) =>
    placed(text, index).flatMap((each) => faults(each).map((fault) => `${each.place}, ${fault}`)),
  );
});
