import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { Services } from '../src/core/services/context.ts';
import type { Note } from '../src/core/services/notes.ts';

export const redact = defineCommand({
  name: 'redact',
  group: 'You and the chat',
  summary: "Remove anyone's note from the experiment log",
  examples: ['redact 12'],
  options: { note: { type: 'integer', min: 1, required: true, description: "the note's number" } },
  services: ['notes'],
  role: 'admin',
  visibility: 'public',
  changes: true,
  destroys: true,
  repeatable: true,
  check: ({ note }, { services }) => void mustFind(note, services),
  async run({ note: id }, { caller: { person }, services }) {
    const note = mustFind(id, services);
    services.notes.takeBack(id, 'redacted');
    return { id, by: person.name, before: note.state };
  },
  view: ({ id, by, before }) => ({
    blocks: [
      {
        kind: 'text',
        text:
          before === 'kept'
            ? [{ bold: by }, ' redacted note ', { code: String(id) }, '.']
            : `Note ${id} was ${before} already.`,
      },
    ],
  }),
});

/** Error `unknown-note`. */
function mustFind(id: number, { notes }: Pick<Services, 'notes'>): Note {
  const note = notes.get(id);
  if (note) return note;
  throw new BotError('unknown-note', `There is no note ${id}.`, '"notes JOB" lists them.');
}
