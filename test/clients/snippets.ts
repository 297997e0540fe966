import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const AGENTS_MD = join(import.meta.dirname, '../../docs/agents.md');
/** Where docs/agents.md has xaxbot. */
const DOCUMENTED_AT = '/home/ada/xaxbot';

/** The code that stands in docs/agents.md below a heading, up to the next heading, for a xaxbot in `folder`. */
export function snippetsOf(heading: string, folder: string): string[] {
  const sections = readFileSync(AGENTS_MD, 'utf8').split(/^#+ /m);
  const section = sections.find((each) => each.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/agents.md has no heading "${heading}".`);
  return [...section.matchAll(/^```\w+[^\n]*\n([\s\S]*?)^```$/gm)].map(([, code]) =>
    code!.replaceAll(DOCUMENTED_AT, folder),
  );
}

/** How a server is started, as most programs want it. */
export interface ServerStart {
  command: string;
  args: string[];
}

/** The first server of docs/agents.md. */
export function documentedStart(folder: string): ServerStart {
  return JSON.parse(snippetsOf('Set it up', folder)[1]!).mcpServers.xaxbot;
}
