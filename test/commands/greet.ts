import { defineCommand } from '../../src/core/command.ts';

/** As somebody's first command would be: a file of its own, and what it needs of all that there is. */
export const greet = defineCommand({
  name: 'greet',
  aliases: ['say hello', 'hello'],
  summary: 'Say hello to whoever asks',
  examples: ['greet', 'greet mood=glad'],
  options: { mood: { type: 'choice', choices: ['calm', 'glad'], description: 'how (default calm)' } },
  services: ['session', 'now'],
  role: 'viewer',
  visibility: 'private',
  changes: true,
  run: async ({ mood = 'calm' }, { caller: { person }, services }) => ({
    name: person.name,
    mood,
    session: services.session.info().name,
    given: Object.keys(services),
  }),
  view: ({ name, mood, session }) => ({
    blocks: [{ kind: 'text', text: `Hello ${name}, ${mood} in ${session}.` }],
  }),
});
