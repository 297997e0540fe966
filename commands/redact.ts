import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { ExperimentsService } from '../src/core/services/experiments.ts';
import type { Note } from '../src/core/services/notes.ts';

export const redact = defineCommand({
  name: 'redact',
  summary: "Remove anyone's note from the log",
  examples: ['redact 12'],
  options: { note: { type: 'integer', min: 1, required: true, description: "the note's number" } },
  services: ['experiments', 'redactAudit'],
  role: 'admin',
  visibility: 'public',
  changes: true,
  check: ({ note }, { services: { experiments } }) => void mustFind(note, experiments),
  async run({ note: id }, { caller: { person }, services: { experiments, redactAudit } }) {
    const note = mustFind(id, experiments);
    experiments.takeBackNote(id, 'redacted');
    if (note.state === 'kept') redactAudit(note.text);
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
function mustFind(id: number, experiments: Pick<ExperimentsService, 'note'>): Note {
  const note = experiments.note(id);
  if (note) return note;
  throw new BotError('unknown-note', `There is no note ${id}.`, '"notes JOB" lists them.');
}
