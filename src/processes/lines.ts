import { StringDecoder } from 'node:string_decoder';

/** A line that grows beyond this is handed over in pieces, so that output without line ends does not pile up. */
const LINE_MAX = 64 * 1024;
const LINE_END = /\r?\n|\r/;

/** Calls `onLine` with each line of a stream of UTF-8; a carriage return ends a line too, as progress bars use it. */
export function followLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(LINE_END);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > LINE_MAX) {
      onLine(rest);
      rest = '';
    }
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
    rest = '';
  });
}
