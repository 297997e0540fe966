/** Where the umask of whoever started us is kept, once ours is another; no program that we start gets it. */
const VARIABLE = 'XAXBOT_UMASK';
const NOTHING_FOR_OTHERS = 0o077;

/** Closes to everybody else whatever this process makes from now on, and keeps the umask that it was started with. */
export function closeUmask(env: NodeJS.ProcessEnv): void {
  env[VARIABLE] = process.umask(NOTHING_FOR_OTHERS).toString(8);
}

/** The umask that this process was started with: for what is the team's, and for the programs that it starts. */
export function startersUmask(): number {
  const kept = Number.parseInt(process.env[VARIABLE] ?? '', 8);
  if (Number.isInteger(kept) && kept >= 0 && kept <= 0o777) return kept;
  const own = process.umask(NOTHING_FOR_OTHERS);
  process.umask(own);
  return own;
}

/** Calls `start`, which starts a program before it returns, with the umask that we were started with. */
export function withStartersUmask<T>(start: () => T): T {
  const own = process.umask(startersUmask());
  try {
    return start();
  } finally {
    process.umask(own);
  }
}
