import { readFileSync, writeFileSync } from 'node:fs';
import { CHECKS } from './judge.ts';
import { CLIENTS, type ClientOfMatrix, checksOf, pinned } from './list.ts';
import { AGENTS_MD } from './snippets.ts';

const HEAD = `| client | version | ${CHECKS.join(' | ')} | |\n${'| --- '.repeat(CHECKS.length + 3)}|\n`;

/** A client's row of the table in docs/agents.md, if its run is as expected. */
export function rowOf(client: ClientOfMatrix): string {
  const { name, packages, lacks = {} } = client;
  const tried = checksOf(client);
  const cells = CHECKS.map((check) => (!tried.includes(check) ? '–' : check in lacks ? 'no' : 'yes'));
  return `| ${[name, pinned(packages[0])[1], ...cells, Object.values(lacks).join('; ')].join(' | ')} |\n`;
}

/** Writes the rows of these clients into the table of docs/agents.md; the others stay as they are. */
export function writeRows(clients: readonly ClientOfMatrix[]): void {
  const docs = readFileSync(AGENTS_MD, 'utf8');
  const from = docs.indexOf(HEAD) + HEAD.length;
  if (from < HEAD.length) throw new Error(`docs/agents.md has no table that begins with\n${HEAD}`);
  const table = /^(\|.*\n)*/.exec(docs.slice(from))![0];
  const before = table.match(/^.*\n/gm) ?? [];
  const rows = CLIENTS.flatMap((client) => {
    if (clients.includes(client)) return [rowOf(client)];
    return before.filter((row) => row.startsWith(`| ${client.name} |`));
  });
  writeFileSync(AGENTS_MD, docs.slice(0, from) + rows.join('') + docs.slice(from + table.length));
}
