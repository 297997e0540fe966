import { z } from 'zod';
import { ADAPTERS } from '../adapters/registry.ts';
import { teamSchema } from '../src/config/team-schema.ts';
import { QUEUE_KINDS } from '../src/queue/registry.ts';
import { code, table } from './markdown.ts';
import { type Setting, settingsOf } from './settings.ts';

const BEGIN = '<!-- made by `npm run reference` -->\n\n';
const END = '\n\n<!-- made until here -->';

/** docs/configuration.md with the table of xaxbot.yaml's keys as its schema has them; the rest is as it stands. */
export function configurationPage(page: string): string {
  const [before, , after] = parts(page);
  return before + keysTable() + after;
}

/** A page before, between and behind the marks. */
function parts(page: string): [string, string, string] {
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  const end = page.indexOf(END, begin);
  if (begin < BEGIN.length || end < 0)
    throw new Error(`docs/configuration.md lacks the marks ${BEGIN.trim()} and ${END.trim()}.`);
  return [page.slice(0, begin), page.slice(begin, end), page.slice(end)];
}

function keysTable(): string {
  return table(
    ['key', 'type', 'default', 'meaning'],
    settings().map(({ key, type, otherwise, meaning }) => [code(key), type, otherwise, meaning]),
  );
}

/** Every key; those of queues with what each kind takes. */
function settings(): Setting[] {
  const ofKinds = QUEUE_KINDS.flatMap(({ schema }) => settingsOf(z.array(schema), 'queues'));
  return settingsOf(teamSchema(ADAPTERS)).flatMap((setting) =>
    setting.key === 'queues[].kind' ? [ofKind(setting), ...ofKinds] : [setting],
  );
}

/** The kinds are the registry's, of which the first is meant. */
function ofKind(setting: Setting): Setting {
  const names = QUEUE_KINDS.map(({ name }) => code(name));
  return { ...setting, type: names.join(', '), otherwise: names[0]! };
}
