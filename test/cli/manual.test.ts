import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { packageJson } from '../../build/manifest.ts';
import { manualPage } from '../../build/manual.ts';
import { COMMANDS } from '../../commands/index.ts';
import { WAIT_EXITS } from '../../commands/wait-exit.ts';
import { SUBCOMMANDS } from '../../src/cli/subcommands.ts';

const page = manualPage('1.0.0', 'Brings a queue into the chat.');

it('the manual has every subcommand and command with its options', () => {
  for (const { name, flags = {} } of SUBCOMMANDS) {
    expect(page).toContain(`\\fBxaxbot ${name.replaceAll('-', '\\-')}`);
    for (const flag of Object.keys(flags)) expect(page).toContain(`\\fB\\-\\-${flag.replaceAll('-', '\\-')}`);
  }
  for (const { name, summary } of COMMANDS) {
    expect(page).toMatch(new RegExp(`\\\\fB${name}[ \\\\]`));
    expect(page).toContain(summary.replaceAll('-', '\\-'));
  }
});

it("and what a wait's exit codes mean", () => {
  const codes = page.split('.SS Of wait\n')[1]!;
  for (const [code] of WAIT_EXITS) expect(codes).toContain(`\\fB${code}\\fR`);
});

it.skipIf(spawnSync('groff', ['--version']).status !== 0)('and is sound roff', () => {
  const { stderr, status, stdout } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-k'], { input: page });
  expect([status, stderr.toString()]).toEqual([0, '']);
  // Bold is each letter over itself.
  expect(stdout.toString().replace(/.\x08/g, '')).toContain('EXIT STATUS');
});

it('and is listed in the package as npm links it: a page that is named by itself is not', () => {
  const own = { version: '1.0.0', dependencies: {} };
  expect(packageJson(own).man).toEqual(['man/xaxbot.1']);
});
