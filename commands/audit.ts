import { defineCommand } from '../src/core/command.ts';
import { type JobKey, withNames } from '../src/core/job.ts';
import type { Block, Text } from '../src/core/message.ts';
import type { AuditEntry, Reference } from '../src/core/services/audit.ts';
import { sinceIn, sinceOf } from './since.ts';

const DEFAULT_LIMIT = 30;
const MAX_LIMIT = 200;

const EVENTS: Partial<Record<AuditEntry['event'], string>> = {
  begun: 'no end is known',
  'turned-away': 'turned away',
  asked: 'asked to confirm',
  answered: 'said yes',
  signal: 'sent',
  'signed-in': 'login',
};

/** What stands in the place of a command where none was given. */
const NO_COMMAND: Partial<Record<AuditEntry['event'], string>> = { 'signed-in': 'signed in to the web chat' };

export const audit = defineCommand({
  name: 'audit',
  group: 'You and the chat',
  summary: 'Who asked for what, and what came of it',
  examples: ['audit', 'audit ada', 'audit job-0000007', 'audit 24h', 'audit ada since=2026-11-30'],
  options: {
    job: { type: 'job', description: 'only what is about this job' },
    user: { type: 'text', maxLength: 100, description: 'only what this person asked for' },
    since: {
      type: 'text',
      maxLength: 40,
      description: 'only from then on: 30m, 24h, 7d, 2026-11-30 or 2026-11-30T09:00Z',
    },
    before: { type: 'integer', min: 1, positional: false, description: 'only older entries than this one' },
    limit: {
      type: 'integer',
      min: 1,
      max: MAX_LIMIT,
      positional: false,
      description: `how many (default ${DEFAULT_LIMIT})`,
    },
  },
  services: ['audit', 'now', 'queues'],
  role: 'admin',
  visibility: 'private',
  changes: false,
  agents: 'never',
  async run({ job, user, since, before, limit = DEFAULT_LIMIT }, { services }) {
    const now = services.now();
    // A time alone is no person.
    const isTime = user !== undefined && since === undefined && sinceIn(user, now) !== undefined;
    const from = isTime ? user : since;
    const found = services.audit.list({
      person: isTime ? undefined : user,
      job,
      since: from === undefined ? undefined : sinceOf(from, now),
      before,
      limit: limit + 1,
    });
    const entries = found
      .slice(0, limit)
      .map((entry) => ({ ...entry, words: wordsOf(entry, services.queues.nameOf) }));
    return { entries, next: found.length > limit ? entries.at(-1)!.id : null };
  },
  view({ entries, next }) {
    if (entries.length === 0) return { blocks: [{ kind: 'text', text: 'Nothing of that is in the audit.' }] };
    const rows = entries.map((entry): Text[] => [
      { code: String(entry.id) },
      { time: entry.at, style: 'datetime' },
      entry.approvedBy === null ? entry.name : `${entry.name}, by ${entry.approvedBy}`,
      entry.words,
      endOf(entry),
      entry.adapter === '' ? '' : `${entry.adapter} ${entry.channel}`,
    ]);
    const blocks: Block[] = [
      { kind: 'table', columns: ['entry', 'when', 'who', 'what', 'what came of it', 'where'], rows },
    ];
    if (next !== null)
      blocks.push({ kind: 'text', text: ['For older ones add ', { code: `before=${next}` }, '.'] });
    return { blocks };
  },
});

/** `kill gpu-1/7 grace=3`, with the length in the place of what somebody wrote. */
function wordsOf({ event, command, options }: AuditEntry, nameOf: (job: JobKey) => string): string {
  const words = Object.entries(options).map(([name, value]) => `${name}=${referenceWords(value, nameOf)}`);
  return [command ?? NO_COMMAND[event] ?? '(no command)', ...words].join(' ');
}

function referenceWords(value: Reference, nameOf: (job: JobKey) => string): string {
  if (typeof value === 'object') return `(${value.length} characters)`;
  return withNames(String(value), nameOf);
}

function endOf({ event, detail, times, outcome }: AuditEntry): string {
  const said = outcome ? outcome.event : (EVENTS[event] ?? event);
  const why = outcome ? outcome.detail : detail;
  const words = why === null ? said : `${said}: ${why}`;
  return times > 1 ? `${words}, ${times} times more` : words;
}
