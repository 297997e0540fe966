import { parseArgs } from 'node:util';
import type { Frame } from './frames.ts';
import { CannotAnswer, type Printed, refusals } from './program-answer.ts';
import { type Times, withTimes } from './times.ts';

/** What `sinfo -N` prints, in a format of the recorded fields with a | between them. */
export function sinfo(
  argv: readonly string[],
  { sinfo: recorded }: Frame['commands'],
  times: Times,
): Printed {
  const { values } = parseArgs({
    args: [...argv],
    strict: true,
    options: {
      noheader: { type: 'boolean', short: 'h' },
      Node: { type: 'boolean', short: 'N' },
      nodes: { type: 'string', short: 'n' },
      format: { type: 'string', short: 'o' },
    },
  });
  const known = recorded.argv.at(-1)!.split('|');
  const fields = values.format?.split('|').map((field) => known.indexOf(field));
  if (!values.Node || !fields || fields.includes(-1)) throw new CannotAnswer(`to sinfo ${argv.join(' ')}`);
  const refused = refusals(recorded);
  if (refused) return refused;
  const [header, ...rows] = recorded.out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|'));
  const nodes = values.nodes?.split(',');
  const wanted = rows.filter(([node]) => !nodes || nodes.includes(node!));
  const lines = (values.noheader ? wanted : [header!, ...wanted]).map((cells) =>
    fields.map((index) => cells[index]).join('|'),
  );
  const out = lines.map((line) => `${line}\n`).join('');
  return { code: 0, out: withTimes(out, times), error: '' };
}
