import type { Block, Inline, Message } from '../core/message.ts';

/** So many changes stand in a message; the rest is in the bot's log. */
const SHOWN = 12;

/** Tells of settings that were taken in while the bot runs, and of those that take a restart. */
export function settingsTakenPost({
  live,
  fixed,
}: {
  live: readonly string[];
  fixed: readonly string[];
}): Message {
  return {
    blocks: [
      ...listed([{ bold: 'Settings changed' }, ', in force now:'], live),
      ...listed([{ bold: 'Settings changed' }, ', in force after a restart:'], fixed),
    ],
    tone: fixed.length > 0 ? 'warning' : 'neutral',
  };
}

/** Tells those who can mend them of settings that cannot be used. */
export function settingsRefusedPost(problem: string): Message {
  return {
    blocks: [
      {
        kind: 'text',
        text: [{ bold: 'The changed settings cannot be used' }, '; those before stay in force.'],
      },
      { kind: 'code', text: problem },
    ],
    tone: 'bad',
  };
}

function listed(heading: Inline[], changes: readonly string[]): Block[] {
  if (changes.length === 0) return [];
  const rest = changes.length - SHOWN;
  const shown = rest > 1 ? [...changes.slice(0, SHOWN), `… and ${rest} more in the bot's log`] : changes;
  return [
    { kind: 'text', text: heading },
    { kind: 'code', text: shown.join('\n') },
  ];
}
