import type { Chain } from './chains.ts';

/** What Python and its libraries print above a traceback that ends nothing. */
const ASIDE =
  /Exception ignored (in|on|while)\b|Exception in thread\b|--- Logging error ---|atexit( callback|\._run)|Error in sys\.excepthook|exception was never retrieved|Exception in callback|exception calling callback|Exception in Tkinter/i;
/** Functions that run when an object or the interpreter goes down. */
const EXIT_FUNCTIONS = /^(__del__|_run_exitfuncs|_shutdown_workers|__exit_handler|_exit_function)$/;
/** Lines above a traceback in which it stands, an object's long name between them. */
const ABOVE = 3;
const PREFIX_MAX = 400;

/** Whether a line says that the traceback below it ended nothing. */
export const saysAside = (line: string): boolean => ASIDE.test(line);

/** Whether a chain is of a destructor, a thread, an exit handler or of logging itself. */
export function isAside({ exceptions }: Chain, lines: readonly string[]): boolean {
  const { start, margin } = exceptions[0]!;
  const above = [...lines.slice(Math.max(0, start - ABOVE), start), lines[start]!.slice(0, PREFIX_MAX)];
  if (above.filter((line) => margin.strip(line) !== '').some(saysAside)) return true;
  return exceptions.at(-1)!.frames.some((frame) => EXIT_FUNCTIONS.test(frame.function));
}
