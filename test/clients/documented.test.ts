import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLIENTS } from './list.ts';
import { AGENTS_MD, documentedStart, snippetsOf } from './snippets.ts';
import { rowOf } from './table.ts';

const FOLDER = '/srv/xaxbot';
const docs = readFileSync(AGENTS_MD, 'utf8');
const { command, args } = documentedStart(FOLDER);

describe('docs/agents.md', () => {
  it.each(CLIENTS.map(({ name }) => name))('has lines for %s', (name) => {
    expect(snippetsOf(name, FOLDER).join('')).toMatch(/xaxbot/);
  });

  it('has what each client of the matrix did, in the version that is installed for it', () => {
    for (const client of CLIENTS) expect(docs).toContain(rowOf(client));
  });

  it('starts the same tools in every program', () => {
    expect([command, args]).toEqual(['npm', expect.arrayContaining([FOLDER, 'mcp', '--as'])]);
    const [codex] = snippetsOf('Codex', FOLDER);
    expect(codex).toContain(`command = "${command}"\nargs = ${inOneLine(args)}\n`);
    const [add] = snippetsOf('Claude Code', FOLDER);
    expect(add).toContain(` -- ${command} ${args.join(' ')}\n`);
    const [opencode] = snippetsOf('opencode', FOLDER);
    expect(JSON.parse(opencode!).mcp.xaxbot.command).toEqual([command, ...args]);
    const [gemini] = snippetsOf('Gemini CLI', FOLDER);
    expect(JSON.parse(gemini!).mcpServers.xaxbot).toMatchObject({ command, args });
    const [code] = snippetsOf('VS Code', FOLDER);
    expect(JSON.parse(code!)).toEqual({ servers: { xaxbot: { type: 'stdio', command, args } } });
    const [python] = snippetsOf('Python', FOLDER);
    expect(python).toContain(`"command": "${command}",\n    "args": ${inOneLine(args)},\n`);
    const [javascript] = snippetsOf('JavaScript', FOLDER);
    expect(javascript).toContain(`args: ${inOneLine(args).replaceAll('"', "'")},\n`);
  });
});

const inOneLine = (list: readonly string[]) => `[${list.map((each) => JSON.stringify(each)).join(', ')}]`;
