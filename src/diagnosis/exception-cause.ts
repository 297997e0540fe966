import type { Chain } from './chains.ts';
import { clipTelling, type Diagnosis, diagnosis, LINES_SHOWN } from './diagnosis.ts';
import { errorAbove } from './error-lines.ts';
import { firstWords, HALF, tellingLine, WORDS_MAX } from './first-words.ts';
import { type Frame, isCleaning, ownFrame } from './frames.ts';
import { assertionAbove } from './kernel-assertion.ts';
import type { CauseKind } from './kinds.ts';
import { readWords, saidOf, sizeIn } from './read-words.ts';
import type { PythonException } from './traceback.ts';

/** Lines before a traceback in which the driver's trouble or a kernel's assertion is looked for. */
const BEFORE = 15;
/** A library's or the driver's trouble with the GPU, said before a program that insists on one gives up. */
const NO_GPU =
  /failed call to cuInit|does not match DSO version|CUDA_ERROR_NO_DEVICE|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/;
const ABOUT_GPU = /\b(gpu|cuda|device|backend)s?\b/i;
/** Where the exception itself says that more was written above it. */
const REFERS_ABOVE =
  /\b(look|see|check)\b.{0,40}\babove\b|\babove\b.{0,60}\b(for (more )?(details|information)|root cause)\b/i;
/** The source line of an assertion, in a traceback of any form. */
const ASSERTED = /^\W*(\d+\s)?\s*assert\b/;
/** What rich draws before a source line. */
const DRAWN = /^\W*(\d+\s+)?/;
/** An exception of the GPU's, which a failed assertion of a kernel explains. */
const OF_CUDA = /CUDA|CUBLAS|CUDNN|cuda error/i;

/** A line without what glog or a logger writes before its words. */
const afterMark = (line: string): string => line.replace(/^.*?\] /, '').trim();

/** A bare AssertionError says nothing; the line that it quotes does. */
function withAssertion({ type, text, body }: PythonException): string {
  if (type !== 'AssertionError' || text !== 'AssertionError') return text;
  const asserted = body.findLast((line) => ASSERTED.test(line))?.trim();
  return asserted === undefined ? text : `AssertionError: ${asserted.replace(DRAWN, '')}`;
}

/** So many characters tell one message from another. */
const COMPARED = 40;

/** An exception's words without its type, as far as they identify it. */
const messageOf = (words: string): string => words.replace(/^\w+: /, '').slice(0, COMPARED);

/** What is told of one exception. */
interface Reading {
  kind: CauseKind;
  words: string;
  /** More words, for behind the place. */
  more: string;
  advice: string | null;
  name: string | null;
}

/** The cause that a chain tells: the last exception's, or that of the one from which it was raised where only that is telling. */
export function causeOfChain({ exceptions, links }: Chain, lines: readonly string[]): Diagnosis {
  let at = lastTold(exceptions, links);
  // Raised again in the parent: the child's frames say where.
  while (at > 0 && links[at - 1] === 'cause' && exceptions[at - 1]!.text === exceptions[at]!.text) at -= 1;
  const own = at;
  const last = readingOf(exceptions[at]!, lines);
  let reading = last;
  while (reading.kind === 'python_exception' && at > 0 && links[at - 1] !== 'context') {
    at -= 1;
    reading = readingOf(exceptions[at]!, lines);
  }
  const isTelling = reading.kind !== 'python_exception';
  if (isTelling) return shown(exceptions[at]!, reading, lines);
  // What it was raised from says more than a wrapper does.
  const isSaid = links[at] !== 'cause' || last.words.includes(messageOf(reading.words));
  const more = at === own || isSaid ? '' : `from ${reading.words}`;
  return shown(
    exceptions[own]!,
    { ...last, words: clipTelling(last.words, more === '' ? WORDS_MAX : HALF), more },
    lines,
  );
}

/** A context manager or an exit function that failed while another exception passed through it is no cause. */
function lastTold(exceptions: readonly PythonException[], links: Chain['links']): number {
  let at = exceptions.length - 1;
  while (at > 0 && links[at - 1] === 'context' && isCleaning(exceptions[at]!.frames)) at -= 1;
  return at;
}

function shown(exception: PythonException, reading: Reading, lines: readonly string[]): Diagnosis {
  const frame = ownFrame(exception.frames) ?? null;
  const where = frame
    ? ` (${frame.file.split(/[\\/]/).at(-1)}:${frame.line}${frame.function ? ` in ${frame.function}` : ''})`
    : '';
  return diagnosis({
    kind: reading.kind,
    text: `${clipTelling(reading.words, WORDS_MAX)}${where}${reading.more === '' ? '' : `: ${clipTelling(reading.more, HALF)}`}`,
    lines: shownLines(exception, frame, lines),
    advice: reading.advice,
    exception: exception.type,
    frame,
    name: reading.name,
  });
}

function readingOf(exception: PythonException, lines: readonly string[]): Reading {
  const { type, start, body } = exception;
  const text = withAssertion(exception);
  const { kind, advice, name, pattern } = readWords(type, text);
  const words = firstWords(text, pattern);
  const assertion = OF_CUDA.test(text) ? assertionAbove(lines, start) : undefined;
  if (assertion !== undefined)
    return {
      kind: 'python_exception',
      words: `${words}: ${assertion.words}`,
      more: '',
      advice: assertion.advice,
      name,
    };
  const size = kind === 'out_of_memory_device' ? sizeIn(text) : undefined;
  if (size !== undefined)
    return {
      kind,
      words: `out of device memory: ${size} could not be allocated`,
      more: tellingLine(text, pattern) ?? words,
      advice,
      name,
    };
  const above = REFERS_ABOVE.test(text) ? errorAbove(lines, start) : undefined;
  if (above !== undefined) {
    const ofAbove = readWords('', above);
    return {
      ...(kind === 'python_exception' ? ofAbove : { kind, advice, name }),
      words,
      more: afterMark(above),
    };
  }
  if (kind !== 'python_exception' || pattern)
    return { kind, words: saidOf(kind, words), more: '', advice, name };
  const before = lines.slice(Math.max(0, start - BEFORE), start);
  const trouble = before.find((line) => NO_GPU.test(line));
  if (trouble !== undefined && [text, ...body].some((line) => ABOUT_GPU.test(line)))
    return { ...readWords('', trouble), words: afterMark(trouble), more: '' };
  return { kind, words, more: '', advice, name };
}

/** The frame in the team's own code, with its source line, and the exception's words. */
function shownLines(
  { body, text, start }: PythonException,
  frame: Frame | null,
  lines: readonly string[],
): string[] {
  const at = frame
    ? body.findLastIndex((line) => line.includes(frame.file) && line.includes(`${frame.line}`))
    : -1;
  const own = at < 0 ? [] : body.slice(at, at + 2);
  const first = /Traceback \(most recent call/.test(lines[start]!)
    ? ['Traceback (most recent call last):']
    : [];
  return [...first, ...own, ...text.split('\n').slice(0, LINES_SHOWN - 4)];
}
