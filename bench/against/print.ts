import { cpus, totalmem } from 'node:os';
import type { Outcome } from './outcome.ts';

const GB = 1e9;

/** A line as soon as a row is measured. */
export function told({ name, measured, beside, ratio, target, verdict, remarks, load }: Outcome): string {
  const values = [measured, beside, ratio && `ratio ${ratio}`, target && `at most ${target}`];
  const parts = [...values, verdict, ...remarks, `load ${load.toFixed(1)}`];
  return `${name}: ${parts.filter(Boolean).join('; ')}`;
}

/** All of a run as a table in Markdown, with the machine, the date and the command. */
export function table(outcomes: readonly Outcome[], { command, at }: { command: string; at: Date }): string {
  const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown kind'}, ${Math.round(totalmem() / GB)} GB`;
  const head = ['what', 'this tree', 'beside', 'ratio (spread)', 'at most', 'verdict', 'load'];
  const rows = outcomes.map((each) => [
    `${each.what} (\`${each.name}\`)`,
    each.measured ?? '',
    each.beside ?? '',
    each.ratio ?? '',
    each.target,
    [each.verdict, ...each.remarks].join(': '),
    each.load.toFixed(1),
  ]);
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `${machine}; ${at.toISOString().slice(0, 10)}; \`${command}\``,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
  ].join('\n');
}
