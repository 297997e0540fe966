import { withStartersUmask } from './umask.ts';

/** What is kept of what it says on standard error: its last words. */
const ERRORS_MAX = 4_096;
/** How long it has to end after SIGTERM, milliseconds. */
const FORCE_KILL_MS = 2_000;

export interface StandingRequest {
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Hears what it says on standard output. */
  onOutput(chunk: Buffer): void;
}

/** How a program ended. */
export interface StandingEnd {
  /** null when a signal ended it or it never started. */
  exitCode: number | null;
  /** The last of what it said on standard error, or why it could not be started. */
  lastWords: string;
}

/** A program that is spoken to while it runs. */
export interface StandingProgram {
  /** Never fails: what cannot be written any more shows in its end. */
  write(bytes: Buffer | string): void;
  /** Ends it and its group. */
  end(): void;
  /** Resolves once it has ended, and never rejects. */
  ended: Promise<StandingEnd>;
}

/** Starts a program that stays: an argument list, never a shell; the environment it is given and nothing of ours. */
export async function startStanding({ argv, env, onOutput }: StandingRequest): Promise<StandingProgram> {
  const { execa } = await import('execa');
  const running = withStartersUmask(() =>
    execa(argv[0] ?? '', argv.slice(1), {
      stdin: 'pipe',
      env,
      extendEnv: false,
      forceKillAfterDelay: FORCE_KILL_MS,
      killDescendants: true,
      reject: false,
      buffer: false,
    }),
  );
  const child = running.nodeChildProcess;
  let words: Buffer = Buffer.alloc(0);
  child.stdout?.on('data', onOutput);
  child.stderr?.on('data', (chunk: Buffer) => {
    words = Buffer.concat([words, chunk]).subarray(-ERRORS_MAX);
  });
  child.stdin?.on('error', () => {});
  return {
    write: (bytes) => void child.stdin?.write(bytes),
    end: () => void running.kill(),
    ended: running.then((result) => ({
      exitCode: child.exitCode,
      lastWords: child.pid === undefined ? String(result.cause ?? result.message) : words.toString('utf8'),
    })),
  };
}
