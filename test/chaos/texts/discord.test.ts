import { it } from 'vitest';
import { render } from '../../../adapters/discord/render.ts';
import { flatten, TYPE } from '../../servers/discord/components.ts';
import type { Json } from '../../servers/discord/form.ts';
import { markdown } from '../../servers/discord/markdown.ts';
import { sentProblems } from '../../validators/discord/sent.ts';
import { tryTexts } from './faults.ts';
import { type Placed, placed, says } from './placed.ts';

const actions = { idOf: () => 'k3x9', byId: () => undefined };
const NOW = Date.parse('2026-11-23T15:24:04Z');

/** What is wrong with how Discord takes and draws a message. */
function faults({ message, seen, formatting, place }: Placed): string[] {
  const rendered = render(message, { accountOf: () => undefined, actions, timezone: 'UTC', now: NOW });
  const { container, files, mentions } = rendered;
  const found = sentProblems(rendered).map((problem) => `broken: ${problem}`);
  if (mentions.length > 0) found.push(`mention: ${mentions}`);
  const components = flatten([container as unknown as Json]);
  const isCut = files.length > 0 && place !== 'picture';
  const texts = components
    .filter(({ type }) => type === TYPE.text)
    .map(({ content }) => markdown(String(content)));
  for (const { formatting: drawn, pills, links } of texts) {
    if (pills.length > 0) found.push(`mention: ${pills}`);
    if (links.length > 0) found.push(`link: ${links.map(({ url }) => url)}`);
    const ours = isCut ? [...formatting, 'subtext'] : formatting;
    for (const name of drawn) if (!ours.includes(name)) found.push(`markup: ${name}`);
  }
  const labels = components.flatMap(({ label, items }) =>
    [
      label,
      ...((items as { description?: string }[] | undefined) ?? []).map(({ description }) => description),
    ].filter((each) => typeof each === 'string'),
  );
  const shown = [...texts.map(({ text }) => text), ...labels].join('\n').replaceAll('\u02cb', '`');
  if (!isCut && place !== 'table' && !says(shown, seen)) found.push(`says: ${shown}`);
  return found;
}

it('Discord draws what people wrote as they wrote it, and nothing of it acts', async ({ task }) => {
  const attack = 'texts in every place of a message, drawn by Discord';
  await tryTexts(task, { attack, ci: 60 }, (text, index) =>
    placed(text, index).flatMap((each) => faults(each).map((fault) => `${each.place}, ${fault}`)),
  );
});
