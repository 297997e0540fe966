const DOTTED = /^((?:[A-Za-z_]\w*\.(?:<locals>\.)?)*)([A-Za-z_]\w*)(?:\([\w., ]*\))?(?::(?: .*)?)?$/;
/** Names that an exception without words has; `Killed` alone on a line is none. */
const TELLING =
  /(Error|Exception|Exit|Interrupt|Iteration|Warning|Failure|Failed|Timeout|Empty|Full|Group|Trace)$/i;
/** Words before a colon that begin a log's line, not an exception's. */
const ORDINARY =
  /^(info|warning|error|debug|critical|fatal|trace|note|epoch|steps?|iter|iteration|message|arguments|command|training|loss|hint|usage)$/i;

/**
 * The type that the first line of an exception's words names (`jax.errors.JaxRuntimeError: …`: `JaxRuntimeError`), without its
 * module; undefined for a line that is none.
 */
export function exceptionType(line: string): string | undefined {
  const [, module, type] = DOTTED.exec(line) ?? [];
  if (type === undefined) return undefined;
  if (TELLING.test(type) && (module !== '' || !ORDINARY.test(type))) return type;
  // A name in small letters is a module's, that a launcher or a logger puts before its words.
  if (!line.includes(':') || !/^_?[A-Z]/.test(type)) return undefined;
  return module !== '' || !ORDINARY.test(type) ? type : undefined;
}

/** Whether a line, wherever it stands, can be nothing but an exception's. */
export function isCertainException(line: string): boolean {
  return (
    /(?:Error|Exception|Interrupt)(?:\([\w., ]*\))?(?::|$)/.test(line) && exceptionType(line) !== undefined
  );
}
