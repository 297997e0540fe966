import type { Message, Text } from '../core/message.ts';
import type { Recovered } from '../core/recovered.ts';

/** What of a database is nowhere else. */
const NOWHERE_ELSE =
  'notes, proposals, watch rules, linked accounts, subscriptions, sign-ins to the web chat';

/** Tells the team that the database was replaced: by what, what is lost with it, and what is not told again. */
export function recoveredPost({ why, backup, until, aside }: Recovered): Message {
  const before = aside === null ? '' : ` The one before is kept as ${aside}.`;
  const what =
    why === 'damaged'
      ? "The bot's database was damaged"
      : "Somebody went back to a backup of the bot's database";
  const from: Text =
    backup === null
      ? [{ bold: what }, `, and there was no backup to go on from.${before}`]
      : [
          { bold: what },
          '. It goes on from the backup of ',
          { time: backup, style: 'datetime' },
          `.${before}`,
        ];
  const lost: Text = [
    backup === null
      ? 'Lost is what was kept nowhere else: '
      : 'Lost is what was kept nowhere else since then: ',
    `${NOWHERE_ELSE}. Experiments come back from experiment_log.csv, jobs from the queue. What happened until `,
    { time: until, style: 'datetime' },
    ' was told before, and is not told again.',
  ];
  return {
    tone: 'warning',
    blocks: [
      { kind: 'text', text: from },
      { kind: 'text', text: lost },
    ],
  };
}
