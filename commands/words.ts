import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import { BotError } from '../src/core/errors.ts';
import type { Block, FileRef } from '../src/core/message.ts';
import { allows, type Person } from '../src/core/person.ts';
import type { WordsKind, WordsService } from '../src/core/services/words.ts';

const KINDS: Record<WordsKind, string> = {
  note: 'note',
  experiment: 'experiment text',
  launch: 'launch text',
  plan: 'expectation',
  dismissal: 'reason',
  proposal: 'proposal text',
  chat: 'chat message',
};
const ELSEWHERE =
  'What was posted in Slack or Discord stays there: delete it there. Backups of the database hold the words until they are older than seven days and replaced; the audit holds none.';

type WordsData =
  | { action: 'export'; name: string; count: number; file: FileRef; bytes: number }
  | { action: 'remove'; name: string; counts: Partial<Record<WordsKind, number>> };

export const words = defineCommand({
  name: 'words',
  group: 'You and the chat',
  summary: 'What somebody has written: as a file, or taken out',
  examples: ['words export', 'words export ada', 'words remove ada'],
  options: {
    action: { type: 'choice', choices: ['export', 'remove'], required: true, description: 'what to do' },
    person: { type: 'text', maxLength: 100, description: 'whose; by default your own' },
  },
  services: ['words', 'saveFile', 'now'],
  role: 'viewer',
  visibility: 'private',
  changes: true,
  working: 'Looking through what was written',
  destroys: true,
  agents: 'never',
  actions: {
    export: { summary: 'all of it as a file', takes: ['person'], changes: false },
    remove: {
      summary: 'take it out, with a mark in its place',
      takes: ['person'],
      changes: true,
      destroys: true,
    },
  },
  async confirm({ action, person }, { caller, services }) {
    if (action !== 'remove') return undefined;
    const { id, name } = whose(person, caller.person, services.words);
    const count = services.words.of(id).length;
    const question: Block = {
      kind: 'text',
      text: [
        { bold: `Take out ${counted(count, 'text')} of ${name}` },
        `? This cannot be undone. ${ELSEWHERE}`,
      ],
    };
    return { question: { blocks: [question] }, confirmLabel: 'Take out', options: { action, person: id } };
  },
  async run({ action, person }, { caller, services }): Promise<WordsData> {
    const { id, name } = whose(person, caller.person, services.words);
    if (action === 'remove') return { action, name, counts: await services.words.remove(id) };
    const found = services.words.of(id);
    const bytes = Buffer.from(`${JSON.stringify({ person: name, words: found }, null, 1)}\n`);
    return {
      action,
      name,
      count: found.length,
      bytes: bytes.length,
      file: await services.saveFile(bytes, 'json'),
    };
  },
  view(data) {
    if (data.action === 'export') {
      const { name, count, file, bytes } = data;
      return {
        blocks: [
          { kind: 'text', text: [{ bold: name }, `: ${counted(count, 'text')}.`] },
          { kind: 'file', file, name: 'words.json', bytes },
        ],
      };
    }
    const what = Object.entries(data.counts).map(([kind, count]) => counted(count, KINDS[kind as WordsKind]));
    const done = what.length === 0 ? 'there was nothing to take out' : `taken out: ${what.join(', ')}`;
    return {
      tone: 'good',
      blocks: [{ kind: 'text', text: [{ bold: data.name }, `: ${done}. ${ELSEWHERE}`] }],
    };
  },
});

/** Oneself, or for an admin anybody. Error `not-allowed`. */
function whose(
  person: string | undefined,
  caller: Person,
  { meant }: WordsService,
): { id: string; name: string } {
  const found = person === undefined ? { id: caller.id, name: caller.name } : meant(person);
  if (found.id === caller.id || allows(caller.role, 'admin')) return found;
  throw new BotError(
    'not-allowed',
    "Somebody else's words need the role admin.",
    'Your own you get with "words export", and take out with "words remove".',
  );
}
