import { defineCommand } from '../src/core/command.ts';
import { asRead } from '../src/core/config-delta.ts';
import type { Block, Button, Inline } from '../src/core/message.ts';
import { inSession } from '../src/core/pinned-session.ts';
import { assignment, assignmentsText, quoted } from '../src/core/quoting.ts';
import type { Suggestion } from '../src/core/suggestion.ts';

const PRIMARY = { style: 'primary' } as const;
/** More at once is a sweep. */
const MOST = 3;

export const suggest = defineCommand({
  name: 'suggest',
  group: 'Experiments',
  summary: 'What to try next and why, and whether to stop',
  examples: ['suggest', 'suggest 3', 'suggest preset=toy'],
  options: {
    count: { type: 'integer', min: 1, max: MOST, description: 'how many (default 1)' },
    preset: { type: 'preset', positional: false, description: "which preset (default: the best run's)" },
  },
  services: ['session', 'rows', 'results', 'dismissals', 'suggestions'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  working: 'Looking through the runs',
  async run({ count = 1, preset }, { services }) {
    const found = await services.suggestions.suggest(services, preset, count);
    return { session: services.session.info().name, ...found };
  },
  view({ session, preset, stop, suggestions, none }) {
    const blocks: Block[] = [];
    const text = (name: string, words: Inline): Block => ({
      kind: 'text',
      text: [{ bold: name }, ': ', words],
    });
    if (stop) {
      const goingOn = stop.isAdvised && suggestions.length > 0 ? ' If you continue anyway:' : '';
      blocks.push(
        text('Stop rule met', `${stop.why}.`),
        text(stop.isAdvised ? 'Advice: stop' : 'Advice: continue', `${stop.advice}.${goingOn}`),
      );
    }
    for (const suggestion of suggestions) {
      const { hypothesis, expected, why } = suggestion;
      blocks.push(
        { kind: 'code', text: commandOf(preset, suggestion) },
        text('Hypothesis', asRead(hypothesis)),
        text('Expected', expected),
        text('Why', why),
        { kind: 'buttons', buttons: buttons(session, preset, suggestion) },
      );
    }
    if (none !== null)
      blocks.push(text(suggestions.length === 0 ? 'Nothing to suggest' : 'No more', { hint: `${none}.` }));
    return { blocks, tone: stop?.isAdvised ? 'warning' : 'neutral' };
  },
});

/** As a person would type it, without losing any part of the suggestion. */
function commandOf(preset: string, { settings, parent, hypothesis, expected }: Suggestion): string {
  const why = { ...(parent === null ? {} : { parent }), hypothesis, expected };
  return ['queue', quoted(preset), ...Object.entries(settings).map(assignment), assignmentsText(why)].join(
    ' ',
  );
}

/** They act on the session that was asked for, whichever is in use when they are pressed. */
function buttons(
  session: string,
  preset: string,
  { settings: given, parent, hypothesis, expected, changes, isMapping }: Suggestion,
): Button[] {
  const settings = assignmentsText(given, '\n');
  const why: Record<string, string> = { hypothesis, expected };
  if (parent !== null) why.parent = parent;
  const options = inSession(session, { preset, settings, ...why });
  const about = changes.map(({ key }) => key).join(' ');
  return [
    { label: 'Plan', command: 'plan', options, ...(isMapping ? PRIMARY : {}) },
    { label: 'Queue', command: 'queue', options, ...(isMapping ? {} : PRIMARY) },
    {
      label: 'Dismiss',
      command: 'dismiss',
      options: inSession(session, {
        preset,
        settings,
        about: about === '' ? Object.keys(given).join(' ') : about,
      }),
      form: true,
    },
  ];
}
