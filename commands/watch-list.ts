import type { Block, Text } from '../src/core/message.ts';
import type { Episode, KnownRule, Mute } from '../src/core/watch.ts';
import { ruleWords } from '../src/core/watch-words.ts';

/** With its job as people name it; absent: about no job of its own. */
export type Named<T> = T & { jobName?: string };

/** What is watched, what has fired and still holds, and what is muted. */
export function listBlocks({
  rules,
  mutes,
  firing,
}: {
  rules: KnownRule[];
  mutes: Named<Mute>[];
  firing: Named<Episode>[];
}): Block[] {
  const blocks: Block[] = [];
  for (const { rule, jobName, since, words } of firing)
    blocks.push({
      kind: 'text',
      text: [
        { bold: rule },
        jobName ? ` on ${jobName}` : '',
        ': ',
        words,
        ', since ',
        { time: since, style: 'relative' },
      ],
    });
  if (rules.length === 0) blocks.push({ kind: 'text', text: 'No watches.' });
  else
    blocks.push({
      kind: 'table',
      columns: ['watch', 'looks for', 'from'],
      rows: rules.map(({ rule, origin, by }): Text[] => [
        { code: rule.name },
        ruleWords(rule),
        origin === 'default' ? 'by default' : origin === 'settings' ? 'xaxbot.yaml' : (by ?? 'chat'),
      ]),
    });
  for (const { rule, jobName, until, by } of mutes)
    blocks.push({
      kind: 'text',
      text: [
        `Muted by ${by}: `,
        { bold: rule ?? 'everything' },
        jobName ? ` of ${jobName}` : '',
        ', until ',
        { time: until, style: 'datetime' },
      ],
    });
  return blocks;
}
