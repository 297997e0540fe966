import { clipTelling } from './diagnosis.ts';

/** Of an exception's words so many characters are told, so that there is room for where it was raised. */
export const WORDS_MAX = 220;
/** Half of the words, where two lines of them are told. */
export const HALF = 110;
/** A line within an exception's words that says what failed, where the first only says that something did. */
const TELLING =
  /^(?:\(\d+\) [A-Z_]+: |(?:[\w/][\w.:/+-]* *)?(?:fatal(?: error)?|error|failure|\w+(?:Error|Exception|Usage)) *: )/i;
/** Where TensorFlow's graph errors, after the frames of the node, come to the point. */
const GRAPH_NODE = /^Node: /;
/** Lines that every error of a library has. */
const NOTE =
  /^(CUDA kernel errors might|For debugging consider|Compile with `TORCH_USE|Set the environment variable|BufferAssignment|Peak buffers|.*allocation: )/;

/** The first line of an exception's words, and the others that may tell more. */
function linesOfWords(text: string): { said: string; others: string[] } {
  const [first, ...rest] = text.split('\n').map((line) => line.trim());
  return {
    said: first!.replace(/^(?:\w+\.)+(?=\w+(?:[:(]|$))/, ''),
    others: rest
      .slice(rest.findLastIndex((line) => GRAPH_NODE.test(line)) + 1)
      .filter((line) => line !== '' && !NOTE.test(line)),
  };
}

/** The line of an exception's words that tells more than the first; `what` is by what they were known. */
export function tellingLine(text: string, what?: RegExp): string | undefined {
  const { said, others } = linesOfWords(text);
  const isTold = !what || what.test(said);
  const candidates = [
    isTold ? -1 : others.findIndex((line) => what.test(line)),
    others.findIndex((line) => TELLING.test(line)),
    said.endsWith(':') ? 0 : -1,
  ];
  let at = candidates.find((index) => index >= 0) ?? others.length;
  // A line that ends with a colon says that the next one tells.
  while (at < others.length - 1 && others[at]!.endsWith(':')) at += 1;
  const line = others[at];
  const next = others[at + 1];
  // A sentence that its author broke, as a text in several lines of the source is.
  const isBroken = line !== undefined && next !== undefined && /[\w,]$/.test(line) && /^[a-z]/.test(next);
  return isBroken ? `${line} ${next}` : line;
}

/**
 * The first line of an exception's words, its type without the module, and what of the others tells more; of a
 * long one, where `what` is found.
 */
export function firstWords(text: string, what?: RegExp): string {
  const { said } = linesOfWords(text);
  const telling = tellingLine(text, what);
  if (telling === undefined) return clipTelling(said, WORDS_MAX, what);
  const head = clipTelling(said, HALF, what);
  return `${head} ${clipTelling(telling, WORDS_MAX - head.length, what)}`;
}
