/** Forms in which the same log reaches a file: what launchers, loggers, bars, consoles and shells make of it. */
export interface Form {
  name: string;
  /** From the log's own lines to those of the file, without their newlines. */
  apply(lines: readonly string[]): string;
}

const BAR = '  2%|▏         | 101/4720 [01:45<1:26:08,  1.05it/s]';
const HEAD =
  /(?<![\w"'])(?:Exception Group )?Traceback \(most recent call|^terminate called|^Fatal Python error/;
const joined = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const each = (write: (line: string, index: number) => string) => (lines: readonly string[]) =>
  joined(lines.map(write));
const clock = (index: number) => `15:17:${String(index % 60).padStart(2, '0')}`;

/** The six that every labelled log is tried in. */
export const FORMS: readonly Form[] = [
  {
    name: 'on the line of an unfinished progress bar',
    apply: each((line) => (HEAD.test(line) ? `${BAR}${line}` : line)),
  },
  { name: 'behind [rank0]: ', apply: each((line) => `[rank0]: ${line}`) },
  {
    name: 'behind a time and a logger’s name',
    apply: each(
      (line, index) => `2026-11-23 ${clock(index)},${100 + (index % 900)} - proj.train - ERROR - ${line}`,
    ),
  },
  { name: 'indented by four', apply: each((line) => `    ${line}`) },
  { name: 'in rich’s frame', apply: (lines) => joined(richTracebacks(lines)) },
  {
    name: 'with CRLF and carriage returns',
    apply: (lines) => lines.map((line) => `${BAR}\r${' '.repeat(20)}\r${line}\r\n`).join(''),
  },
];

/** Others that are met. */
export const MORE_FORMS: readonly Form[] = [
  { name: 'behind Slurm’s task number', apply: each((line) => `0: ${line}`) },
  { name: 'behind Ray’s worker', apply: each((line) => `(RayTrainWorker pid=4120, ip=10.0.0.7) ${line}`) },
  {
    name: 'behind Ray’s worker in colour',
    apply: each((line) => `\u001b[36m(train_fn pid=4120)\u001b[0m ${line}`),
  },
  { name: 'behind mpirun’s tag', apply: each((line) => `[1,0]<stderr>:${line}`) },
  {
    name: 'in the journal',
    apply: each((line, index) => `Nov 23 ${clock(index)} gpu1 python[4120]: ${line}`),
  },
  {
    name: 'behind Kubernetes’ time',
    apply: each((line, index) => `2026-11-23T${clock(index)}.${100_000 + index}Z stderr F ${line}`),
  },
  { name: 'in a colour', apply: each((line) => `\u001b[31m${line}\u001b[0m`) },
  { name: 'in a panel', apply: (lines) => joined(lines.flatMap(framed)) },
  { name: 'as a quotation', apply: each((line) => `> ${line}`) },
  {
    name: 'behind two bars',
    apply: each((line) =>
      HEAD.test(line) ? `Epoch 1: 10%|█ | 10/100 [00:01]\n${BAR}\u001b[A${line}` : line,
    ),
  },
  {
    name: 'among the lines of another rank',
    apply: (lines) =>
      joined(
        lines.flatMap((line, index) => [
          `[rank0]: ${line}`,
          ...(index % 3 === 0 ? ['[rank1]: waiting'] : []),
        ]),
      ),
  },
  {
    name: 'with a logger’s name on its first line',
    apply: each((line) => (HEAD.test(line) ? `2026-11-23 15:17:26,123 [ERROR] proj: ${line}` : line)),
  },
];

/** A panel of rich around whatever stands on the line. */
function framed(line: string, index: number, all: readonly string[]): string[] {
  if (index === 0)
    return [`╭${'─'.repeat(WIDTH)}╮`, row(line), ...(all.length === 1 ? [`╰${'─'.repeat(WIDTH)}╯`] : [])];
  return index === all.length - 1 ? [row(line), `╰${'─'.repeat(WIDTH)}╯`] : [row(line)];
}

const WIDTH = 78;

/** Every traceback as rich draws it: the frames in a box, the exception below. */
function richTracebacks(lines: readonly string[]): string[] {
  let isInside = false;
  return lines.flatMap((line) => {
    if (/^(\S.*)?Traceback \(most recent call/.test(line)) {
      isInside = true;
      const before = line.slice(0, line.indexOf('Traceback'));
      return [`${before}╭${' Traceback (most recent call last) '.padStart(56, '─').padEnd(WIDTH, '─')}╮`];
    }
    if (!isInside) return [line];
    const [, file, number, name] = /^ {2}File "([^"]+)", line (\d+)(?:, in (.+))?/.exec(line) ?? [];
    if (file !== undefined) return [row(`${file}:${number} in ${name ?? '<module>'}`), row('')];
    if (/^\s+[~^]+\s*$/.test(line)) return [];
    if (/^\s/.test(line)) return [row(`❱ ${line.trim()}`), row('')];
    isInside = false;
    return [`╰${'─'.repeat(WIDTH)}╯`, line];
  });
}

const row = (text: string): string => `│ ${text.padEnd(WIDTH - 2)} │`;
