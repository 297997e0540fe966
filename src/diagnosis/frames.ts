/** One frame of a Python traceback. */
export interface Frame {
  file: string;
  line: number;
  function: string;
}

/** As CPython prints it, loguru's mark of the frame that caught it included; what stands before it is the margin. */
const PYTHON_FRAME = /(?: {2}|> |\t)File "([^"]+)", line (\d+)(?:,? in (.+))?/;
const RICH_FRAME = /([^\s"]+\.py):(\d+) in (\S+)/;
const CELL_FRAME = /^(?:File (\S+?):(\d+)(?:, in ([^(]+))?|(Cell In\[\d+\]), line (\d+))/;

/** A frame as CPython prints it, and what stands before it on its line; undefined for any other line. */
export function pythonFrame(line: string): { margin: string; frame: Frame } | undefined {
  const found = PYTHON_FRAME.exec(line);
  if (!found) return undefined;
  const [, file, number, name] = found;
  return {
    margin: line.slice(0, found.index),
    frame: { file: file!, line: Number(number), function: name ?? '' },
  };
}

/** A frame as the library rich or IPython draws it. */
export function drawnFrame(line: string): Frame | undefined {
  const rich = RICH_FRAME.exec(line);
  if (rich) return { file: rich[1]!, line: Number(rich[2]), function: rich[3]! };
  const cell = CELL_FRAME.exec(line);
  if (!cell) return undefined;
  return { file: cell[1] ?? cell[4]!, line: Number(cell[2] ?? cell[5]), function: cell[3]?.trim() ?? '' };
}

/** Code of the interpreter, of installed packages and their commands, and what has no file. */
const NOT_OWN = /[\\/](site|dist)-packages[\\/]|\/lib(64)?\/python\d|\/bin\/[^/]+$|^<(?!ipython)/;

/** The last frame in the team's own code; undefined when all are of libraries. */
export function ownFrame(frames: readonly Frame[]): Frame | undefined {
  return frames.findLast(({ file }) => !NOT_OWN.test(file));
}

const CLEANING =
  /^(__a?exit__|__del__|a?close|_?shutdown\w*|_?finali[sz]e\w*|_?cleanup\w*|_?finish\w*|_?teardown\w*|write_end_of_file)$/;

/** Whether what failed last was leaving a context or cleaning up, which happens when something else has failed. */
export const isCleaning = (frames: readonly Frame[]): boolean => CLEANING.test(frames.at(-1)?.function ?? '');
