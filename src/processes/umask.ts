const NOTHING_FOR_OTHERS = 0o077;

/** The umask that this process was started with. Node has no other way to read it without changing it for good (DEP0139). */
const STARTERS = process.umask(NOTHING_FOR_OTHERS);
process.umask(STARTERS);

/** Closes to everybody else whatever this process makes from now on. */
export function closeUmask(): void {
  process.umask(NOTHING_FOR_OTHERS);
}

/** The umask that this process was started with: for what is the team's, and for the programs that it starts. */
export function startersUmask(): number {
  return STARTERS;
}

/** Calls `start`, which starts a program before it returns, with the umask that we were started with. */
export function withStartersUmask<T>(start: () => T): T {
  const own = process.umask(STARTERS);
  try {
    return start();
  } finally {
    process.umask(own);
  }
}
