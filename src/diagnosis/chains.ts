import type { PythonException } from './traceback.ts';

/** How an exception is joined to the one that was printed before it. */
export type Link = 'cause' | 'context' | 'member' | 'remote';

/** Exceptions that were printed as one: the last of them is what ended whatever they ended. */
export interface Chain {
  exceptions: PythonException[];
  /** The link of each but the first to the one before it. */
  links: Link[];
  /** Index of its first line, and of the first after it. */
  start: number;
  end: number;
}

const LINKS: readonly { link: Link; pattern: RegExp }[] = [
  { link: 'cause', pattern: /direct cause of the following exception/ },
  { link: 'context', pattern: /another exception occurred/ },
  { link: 'member', pattern: /\+-*\s?-+ (\d+|\.\.\.) -{4,}/ },
  { link: 'remote', pattern: /-- Process \d+ terminated with the following error/ },
];
const BETWEEN =
  /^\W*$|\d%\||\[\d+:\d\d|The stack trace below|The preceding (is|stack)|For simplicity, JAX|triggered the following exception|^During handling|^The above/;
/** Lines in which a link is looked for. */
const LINK_WITHIN = 14;

/** Exceptions put together as they were printed, by where the last of each stands. */
export function chainsOf(lines: readonly string[], exceptions: readonly PythonException[]): Chain[] {
  const chains: Chain[] = [];
  for (const exception of exceptions) {
    const link = linkBefore(lines, exception);
    const joined =
      link &&
      (chains.findLast(({ exceptions: own }) => own.at(-1)!.margin.text === exception.margin.text) ??
        chains.at(-1));
    if (joined) {
      joined.exceptions.push(exception);
      joined.links.push(link);
      joined.end = Math.max(joined.end, exception.end);
    } else {
      chains.push({ exceptions: [exception], links: [], start: exception.start, end: exception.end });
    }
  }
  return chains.toSorted((a, b) => a.end - b.end);
}

function linkBefore(lines: readonly string[], { start, margin }: PythonException): Link | undefined {
  if (/Original Traceback|ray::/.test(lines[start]!)) return 'remote';
  for (let at = start - 1; at >= 0 && at >= start - LINK_WITHIN; at -= 1) {
    const line = lines[at]!;
    const found = LINKS.find(({ pattern }) => pattern.test(line))?.link;
    if (found) return found;
    const own = margin.strip(line);
    if (own !== null && !BETWEEN.test(own.trim())) return undefined;
  }
  return undefined;
}
