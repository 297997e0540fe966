import { it } from 'vitest';
import { formOf as discordForm } from '../../../adapters/discord/forms.ts';
import { formView, option } from '../../../adapters/slack/modal.ts';
import { legibleCompletions, legibleForm } from '../../../src/chat/legible.ts';
import type { Modal } from '../../../src/core/adapter.ts';
import { clip } from '../../../src/core/clip.ts';
import { legible, legibleLine } from '../../../src/core/unseen.ts';
import { flatten, TYPE } from '../../servers/discord/components.ts';
import type { Json } from '../../servers/discord/form.ts';
import { markdown } from '../../servers/discord/markdown.ts';
import { requestProblems } from '../../validators/discord/requests.ts';
import { callProblems } from '../../validators/slack/methods.ts';
import { suggestionAnswer } from '../../validators/slack/views.ts';
import { tryTexts } from './faults.ts';
import { says } from './placed.ts';

const AROUND = { uploads: new Map(), kept: new Map() };
const actions = { idOf: () => 'k3x9', byId: () => undefined };

function form(text: string): Modal {
  return legibleForm({
    title: text,
    description: text,
    command: 'note',
    submitLabel: 'Send',
    fields: {
      text: { type: 'text', description: text, label: text, required: true, multiline: true },
      preset: { type: 'choice', description: 'which', choices: ['gpt', 'toy'], described: { gpt: text } },
    },
    folded: [],
    shaping: ['preset'],
    values: { text, preset: text },
    fixed: { job: text.slice(0, 200) },
    about: [{ label: text, text }],
    problem: { text, field: undefined },
  });
}

it('a form shows what people wrote as they wrote it', async ({ task }) => {
  const attack = 'texts in titles, labels, words and values of forms, in Slack and Discord';
  await tryTexts(task, { attack, ci: 120 }, (text) => {
    const modal = form(text);
    const view = formView(modal, { channel: 'C0QUEUE' });
    const data = discordForm(modal, { actions, opening: '1476813944239030277' });
    const found = [
      ...callProblems('views.open', { trigger_id: '1', view }),
      ...requestProblems('POST', '/interactions/1/token/callback', { type: 9, data }, AROUND),
    ].map((problem) => `broken: ${problem}`);
    if (/"(emoji":true|type":"mrkdwn)/.test(JSON.stringify(view))) found.push('markup: in Slack');
    for (const { type, content } of flatten(data.components as unknown as Json[])) {
      if (type !== TYPE.text) continue;
      const { text: shown, formatting, pills, links } = markdown(String(content));
      for (const what of [...formatting, ...pills, ...links.map(({ url }) => url)])
        found.push(`markup: ${what}`);
      const [first = '', ...lines] = shown.split('\n');
      const [problem = ''] = modal.problem!.text.split('\n');
      const [description = ''] = modal.description.split('\n');
      // What is wrong stands above all else.
      if (!says(first, `⚠️ ${problem}`)) found.push(`says: ${shown}`);
      if (!lines.some((line) => says(line, description))) found.push(`says: ${shown}`);
    }
    return found;
  });
});

it('what is offered while somebody types is legible, and can be taken', async ({ task }) => {
  const attack = 'texts as completions and choices, in Slack, Discord and the page';
  await tryTexts(task, { attack, ci: 150 }, (text) => {
    const given = { insert: text.slice(0, 70), label: text, description: text };
    const [made] = legibleCompletions([
      given,
      { ...given, label: '\u200b', insert: '\u3164', description: '' },
    ]);
    const completions = legibleCompletions([given, { insert: '\u3164', label: '\u200b', description: '' }]);
    const choices = completions.map(({ insert, label, description }) => ({
      name: clip(description ? `${label}: ${description}` : label, 100),
      value: insert,
    }));
    const problems = requestProblems(
      'POST',
      '/interactions/1/token/callback',
      { type: 8, data: { choices } },
      AROUND,
    );
    const options = completions.map(({ insert, label }) => option(insert, label));
    const slack = suggestionAnswer.safeParse({ options });
    return [
      ...problems.map((problem) => `broken: Discord, ${problem}`),
      ...(slack.success ? [] : [`broken: Slack, ${slack.error.message}`]),
      ...(made!.insert === given.insert ? [] : ['says: another value is put in']),
      ...completions.flatMap(({ label, description }) =>
        legible(label) === label && legibleLine(description) === description && label !== ''
          ? []
          : [`acts: ${JSON.stringify(label)}`],
      ),
    ];
  });
});

it('a thread is named in one legible line', async ({ task }) => {
  const attack = 'texts as names of threads in Discord';
  await tryTexts(task, { attack, ci: 150 }, (text) => {
    const name = clip(legibleLine(text), 100) || 'job';
    const problems = requestProblems(
      'POST',
      '/channels/1/messages/2/threads',
      { name, auto_archive_duration: 60 },
      AROUND,
    );
    return [
      ...problems.map((problem) => `broken: ${problem}`),
      ...(says(name, text) ? [] : [`says: ${name}`]),
      ...(/[\n\p{Cs}]/u.test(name) ? ['acts: a line end'] : []),
    ];
  });
});
