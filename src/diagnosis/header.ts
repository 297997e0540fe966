/** The line with which a traceback begins. */
export interface Header {
  /** What stands before it on its line: a bar that was not finished, a launcher's mark, a logger's. */
  prefix: string;
  /** Drawn by rich or IPython, whose frames look otherwise. */
  isDrawn: boolean;
  /** The exception's type where the line names it (IPython). */
  type: string | null;
}

/** CPython's, also as Sacred and torch word it; rich and IPython leave out the colon. */
const TRACEBACK = /(?:Exception Group |Original )?Traceback \(most recent calls? [^)]{1,60}\)(:?)[\s+-]*$/;
/** Ray's, of a task that ran in another process. */
const RAY_TASK = /ray::[^\s(]{1,200}\S{0,20} \(pid=\d+[^)]*\)$/;
const NAMED = /(?:^|\s)([A-Za-z_][\w.]*)\s+$/;

export function headerOf(line: string): Header | undefined {
  if (line.includes('Traceback (')) {
    const found = TRACEBACK.exec(line);
    if (!found) return undefined;
    const prefix = line.slice(0, found.index);
    const isDrawn = found[1] === '';
    return { prefix, isDrawn, type: (isDrawn && NAMED.exec(prefix)?.[1]) || null };
  }
  return line.endsWith(')') && line.includes('ray::') && RAY_TASK.test(line)
    ? { prefix: '', isDrawn: false, type: null }
    : undefined;
}
