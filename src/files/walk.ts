import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/** As many links follow one another at most as the kernel follows (path_resolution(7)). */
const LINKS_MAX = 40;

/** A folder or a link that the kernel passes on its way to a path, or what it comes to. */
export interface Step {
  path: string;
  stat: Stats;
}

/** Every step on the way to a path, and the last of them as `end` where something is there that is no link. */
export interface Steps<S> {
  steps: S[];
  end: S | undefined;
}

/**
 * The way to a path as the kernel goes it, link by link: every step from the root on, and the last of them as `end` where
 * something is there that is no link.
 */
export function walk(path: string): Steps<Step> {
  let end: Step = { path: sep, stat: lstatSync(sep) };
  const steps = [end];
  const left = partsOf(resolve(path));
  let at: string = sep;
  for (let links = 0; left.length > 0; ) {
    const part = left.shift()!;
    if (part === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, part);
    const stat = lstat(next);
    if (!stat) return { steps, end: undefined };
    end = { path: next, stat };
    steps.push(end);
    if (!stat.isSymbolicLink()) {
      at = next;
      continue;
    }
    links += 1;
    const target = links > LINKS_MAX ? undefined : linkTarget(next);
    if (target === undefined) return { steps, end: undefined };
    left.unshift(...partsOf(target));
    if (target.startsWith(sep)) at = sep;
  }
  return { steps, end };
}

function partsOf(path: string): string[] {
  return path.split(sep).filter((part) => part !== '' && part !== '.');
}

function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a file where a folder was named, a folder that we may not enter
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // gone meanwhile
  }
}
