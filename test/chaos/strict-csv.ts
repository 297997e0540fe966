import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EXPERIMENT_COLUMNS } from '../../src/core/experiment.ts';

const QUOTED = /"(?:[^"]|"")*"/y;
const PLAIN = /[^",\r\n]*/y;

/** The records of a CSV file as RFC 4180 has them, with CRLF at the end of each; throws where it differs by a byte. */
export function parseStrictly(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    do {
      const cell = text[at] === '"' ? QUOTED : PLAIN;
      cell.lastIndex = at;
      const found = cell.exec(text)?.[0];
      if (found === undefined) throw new Error(`a quote that does not end, at character ${at}`);
      record.push(cell === QUOTED ? found.slice(1, -1).replaceAll('""', '"') : found);
      at += found.length;
    } while (text[at] === ',' && at++ >= 0);
    if (!text.startsWith('\r\n', at)) throw new Error(`no end of the line at character ${at}`);
    at += 2;
    records.push(record);
  }
  return records;
}

/** The rows of an experiment log by their column; throws when it is no whole log. */
export function logRows(text: string): Record<string, string>[] {
  const [header, ...records] = parseStrictly(text);
  if (header?.join() !== EXPERIMENT_COLUMNS.join()) throw new Error(`columns: ${header?.join()}`);
  return records.map((record) => {
    if (record.length !== header.length) throw new Error(`a row of ${record.length} cells`);
    return Object.fromEntries(header.map((name, index) => [name, record[index]!]));
  });
}

const COUNT = `
import csv, sys
for path in sys.stdin:
    try:
        with open(path.rstrip("\\n"), newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, strict=True))
        bad = [row for row in rows if None in row or None in row.values()]
        print("ragged" if bad else len(rows), flush=True)
    except Exception as error:
        print(repr(error), flush=True)
`;

/** Python's own reader, one process for all files: how many rows it finds, or what it says. */
export function openPythonReader() {
  const python = spawn('python3', ['-c', COUNT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  return {
    count(path: string): Promise<string> {
      const answer = last.then(async () => {
        python.stdin.write(`${path}\n`);
        return String((await lines.next()).value);
      });
      last = answer;
      return answer;
    },
    close: () => void python.stdin.end(),
  };
}
