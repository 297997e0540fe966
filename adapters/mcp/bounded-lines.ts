import { Transform } from 'node:stream';

/** Of a line that is too long, so much of each end is kept to find its id in. */
const ENDS = 1_024;
/** A request's id where nothing else is nested before it, and where nothing follows it (JSON-RPC 2.0). */
const ID_FIRST = /^\s*\{[^{}[\]]*?"id"\s*:\s*(\d{1,15}|"[^"\\]{0,200}")\s*,/;
const ID_LAST = /,\s*"id"\s*:\s*(\d{1,15}|"[^"\\]{0,200}")\s*\}\s*$/;

/**
 * Passes lines on whole, but for those longer than so many bytes: the SDK's transport would end with the first.
 * `onTooLong` hears the id of the request that such a line was; null where it shows none.
 */
export function boundedLines(maxBytes: number, onTooLong: (id: string | number | null) => void): Transform {
  let line: Buffer[] = [];
  let size = 0;
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);

  function take(part: Buffer): void {
    size += part.length;
    if (head.length < ENDS) head = Buffer.concat([head, part.subarray(0, ENDS - head.length)]);
    tail = Buffer.concat([tail, part.subarray(-ENDS)]).subarray(-ENDS);
    if (size <= maxBytes) line.push(part);
    else line = [];
  }

  function end(passed: Transform): void {
    if (size <= maxBytes) for (const part of line) passed.push(part);
    else onTooLong(idIn(head.toString('utf8'), tail.toString('utf8')));
    line = [];
    size = 0;
    head = Buffer.alloc(0);
    tail = Buffer.alloc(0);
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let from = 0;
      /** Where the lines begin that go on together: a push for each of very many takes long. */
      let together = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        const next = at + 1;
        if (size > 0 || next - from > maxBytes) {
          if (from > together) this.push(chunk.subarray(together, from));
          take(chunk.subarray(from, next));
          end(this);
          together = next;
        }
        from = next;
      }
      if (from > together) this.push(chunk.subarray(together, from));
      if (from < chunk.length) take(chunk.subarray(from));
      done();
    },
  });
}

function idIn(head: string, tail: string): string | number | null {
  const id = ID_FIRST.exec(head)?.[1] ?? ID_LAST.exec(tail)?.[1];
  return id === undefined ? null : (JSON.parse(id) as string | number);
}
