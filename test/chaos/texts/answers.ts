import { render as renderForDiscord } from '../../../adapters/discord/render.ts';
import { render as renderForSlack } from '../../../adapters/slack/render.ts';
import type { Message } from '../../../src/core/message.ts';
import { plainText } from '../../../src/core/plain-text.ts';
import { legible } from '../../../src/core/unseen.ts';
import { flatten, TYPE } from '../../servers/discord/components.ts';
import type { Json } from '../../servers/discord/form.ts';
import { markdown } from '../../servers/discord/markdown.ts';
import { seen } from '../../servers/slack/seen.ts';
import { requestProblems } from '../../validators/discord/requests.ts';
import { callProblems } from '../../validators/slack/methods.ts';
import { screenOf } from './screen.ts';

const CONTEXT = {
  accountOf: () => undefined,
  actions: { idOf: () => 'k3x9', byId: () => undefined },
  timezone: 'UTC',
  now: Date.parse('2026-11-23T15:24:04Z'),
};
/** What Discord draws of ours. */
const OURS: readonly string[] = ['bold', 'code', 'code block', 'heading', 'subtext', 'timestamp'];

/** What is wrong with an answer, whoever's words it holds: with its payloads, with what is drawn of them, and on a terminal. */
export function answerFaults(message: Message): string[] {
  return [...inDiscord(message), ...inSlack(message), ...onTerminal(message)];
}

function inDiscord(message: Message): string[] {
  const { container, files, mentions } = renderForDiscord(message, CONTEXT);
  const names = files.map(({ name }, index): [string, string] => [String(index), name]);
  const body = {
    flags: 1 << 15,
    components: [container],
    allowed_mentions: { parse: [], users: mentions },
    attachments: names.map(([id, filename]) => ({ id, filename })),
  };
  const around = { uploads: new Map(names), kept: new Map() };
  const drawn = flatten([container as unknown as Json])
    .filter(({ type }) => type === TYPE.text)
    .map(({ content }) => markdown(String(content)));
  return [
    ...requestProblems('POST', '/channels/1/messages', body, around).map(
      (problem) => `Discord, broken: ${problem}`,
    ),
    ...mentions.map((account) => `Discord, mention: ${account}`),
    ...drawn.flatMap(({ pills, links, formatting }) => [
      ...pills.map((pill) => `Discord, mention: ${pill}`),
      ...links.map(({ url }) => `Discord, link: ${url}`),
      ...[...formatting].filter((name) => !OURS.includes(name)).map((name) => `Discord, markup: ${name}`),
    ]),
  ];
}

function inSlack(message: Message): string[] {
  const { text, blocks } = renderForSlack(message, {
    ...CONTEXT,
    imageId: () => 'F0CHART',
    surface: 'message',
  });
  const { notified, links } = seen({ text, blocks });
  return [
    ...callProblems('chat.postMessage', { channel: 'C0QUEUE', text, blocks }).map(
      (problem) => `Slack, broken: ${problem}`,
    ),
    ...notified.map((who) => `Slack, mention: ${who}`),
    ...links.map((url) => `Slack, link: ${url}`),
  ];
}

function onTerminal(message: Message): string[] {
  const text = plainText(message, { now: CONTEXT.now });
  return [
    ...screenOf(text).obeyed.map((what) => `terminal, obeyed: ${what}`),
    ...(legible(text) === text ? [] : ['everywhere, not legible: a text']),
  ];
}
