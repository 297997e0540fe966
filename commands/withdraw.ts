import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';

export const withdraw = defineCommand({
  name: 'withdraw',
  group: 'You and the chat',
  summary: 'Withdraw your own note',
  examples: ['withdraw 12'],
  options: { note: { type: 'integer', min: 1, required: true, description: "the note's number" } },
  services: ['notes'],
  role: null,
  visibility: 'public',
  changes: true,
  destroys: true,
  repeatable: true,
  async run({ note: id }, { caller: { person }, services }) {
    const note = services.notes.get(id);
    if (!note || note.person !== person.id) {
      throw new BotError(
        'not-yours',
        `There is no note ${id} of yours.`,
        'Only its author can withdraw a note; an admin can "redact" it.',
      );
    }
    const before = note.state;
    services.notes.takeBack(id, 'withdrawn');
    return { id, author: note.author, before };
  },
  view: ({ id, author, before }) => ({
    blocks: [
      {
        kind: 'text',
        text:
          before === 'kept'
            ? [{ bold: author }, ' withdrew note ', { code: String(id) }, '.']
            : `Note ${id} was ${before} already.`,
      },
    ],
  }),
});
