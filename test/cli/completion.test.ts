import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { bashCompletion } from '../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../src/cli/completion/fish.ts';
import { zshCompletion } from '../../src/cli/completion/zsh.ts';
import { grammar } from '../../src/cli/grammar.ts';
import { SUBCOMMANDS } from '../../src/cli/subcommands.ts';
import { temporaryFolder } from '../helpers.ts';

const STEPS = grammar(SUBCOMMANDS);
const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** A folder with some files in it and the script of a shell. */
function folderWith(script: string): string {
  const folder = temporaryFolder();
  for (const name of ['backups', 'data']) mkdirSync(join(folder, name));
  for (const name of ['backup.sqlite', 'state.json']) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'script'), script);
  return folder;
}

/** Lines up to the cursor, and what completes them: all of it, or what is among it (`+`). */
const LINES: [line: string, expected: string[]][] = [
  ['xaxbot sta', ['start', 'status']],
  ['xaxbot completion ', ['+bash', '+zsh', '+fish']],
  ['xaxbot logs 7 ta', ['task']],
  ['xaxbot logs --kind ', ['observer', 'task']],
  ['xaxbot logs ', ['+last', '+running', '+observer']],
  ['xaxbot logs --be', ['--before']],
  ['xaxbot --config state.json logi', ['logins']],
  ['xaxbot log ', ['+sync', '+upsert']],
  ['xaxbot log upsert --hyp', ['--hypothesis']],
  ['xaxbot log sync --status-json st', ['state.json']],
  ['xaxbot restore backup.', ['backup.sqlite']],
  ['xaxbot mcp --as ', []],
  ['xaxbot web-link ada --js', []],
];

describe('a shell completes a line by the declarations', () => {
  it('bash', () => {
    const lines: typeof LINES = [
      ...LINES,
      // What stands before the equals sign is a word of its own there.
      ['xaxbot logs --kind=o', ['observer']],
      ['xaxbot session new mode=m', ['min', 'max']],
      ['xaxbot --data-dir=da', ['data']],
      ['xaxbot --data-dir backup', ['backups']],
    ];
    const asked = lines.map(([line]) => `try '${line}'`).join('\n');
    const program = `source ./script
try() { COMP_LINE=$1 COMP_POINT=\${#1} COMPREPLY=(); _xaxbot; echo "\${COMPREPLY[*]}"; }
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
${asked}`;
    const out = execFileSync('bash', ['--norc', '-c', program], {
      cwd: folderWith(bashCompletion(STEPS)),
      encoding: 'utf8',
    });
    check(
      lines,
      out.split('\n').map((line) => line.split(' ').filter(Boolean)),
    );
  });

  it.skipIf(!has('fish'))('fish', () => {
    const lines: typeof LINES = [
      ...LINES,
      ['xaxbot logs --kind=o', ['--kind=observer']],
      ['xaxbot session new mode=m', ['mode=min', 'mode=max']],
    ];
    const program = `source ./script\n${lines.map(([line]) => `complete -C '${line}' | cut -f1 | string join ' '; echo ';'`).join('\n')}`;
    const folder = folderWith(fishCompletion(STEPS));
    const env = { ...process.env, HOME: folder };
    const out = execFileSync('fish', ['--no-config', '-c', program], { cwd: folder, env, encoding: 'utf8' });
    check(
      lines,
      out.split(';\n').map((words) => words.split(/\s+/).filter(Boolean)),
    );
  });

  it.skipIf(!has('zsh'))('zsh: it knows what may follow, and what a flag takes', () => {
    const program = `compdef() { :; }; source ./script
for step in '' 'log sync' restore; do _xaxbot_step $step; print -r -- "\${(j: :)\${(@)offers%%:*}} $paths"; done
_xaxbot_value logs --kind; print -r -- $offers
_xaxbot_value logs --yes || _xaxbot_step 'logs 7' || print -r -- none`;
    const out = execFileSync('zsh', ['-f', '-c', program], {
      cwd: folderWith(zshCompletion(STEPS)),
      encoding: 'utf8',
    });
    check(
      [
        ['', ['+start', '+status', '+log', '+--config']],
        ['log sync', ['+--status-json', '+--owner']],
        ['restore', ['--config', '--data-dir', 'files']],
        ['logs --kind', ['observer', 'task']],
        ['nothing else', ['none']],
      ],
      out.split('\n').map((line) => line.split(' ').filter(Boolean)),
    );
  });
});

function check(lines: typeof LINES, found: string[][]): void {
  for (const [index, [line, expected]] of lines.entries()) {
    const among = expected.filter((word) => word.startsWith('+')).map((word) => word.slice(1));
    if (among.length > 0) expect(found[index], line).toEqual(expect.arrayContaining(among));
    else expect(found[index]?.toSorted(), line).toEqual(expected.toSorted());
  }
}

it('every subcommand and command begins a line, with its options behind it', () => {
  const first = STEPS.find(({ words }) => words === '')!.offers.map(({ text }) => text);
  expect(first).toEqual(expect.arrayContaining([...SUBCOMMANDS, ...COMMANDS].map(({ name }) => name)));
  for (const { name, options } of COMMANDS) {
    const flags = STEPS.find(({ words }) => words === name)!.flags.map((flag) => flag.name);
    const wanted = Object.entries(options).filter(([, { type }]) => type !== 'assignments');
    expect(flags, name).toEqual(expect.arrayContaining(wanted.map(([option]) => option)));
  }
});
