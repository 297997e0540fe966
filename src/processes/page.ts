import { withStartersUmask } from './umask.ts';

/**
 * Shows a text in a pager: a shell's line, as PAGER has it, which is given the terminal. Resolves, when the reader leaves it, to
 * whether it could be shown.
 */
export async function page(line: string, text: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { execa } = await import('execa');
  // Ctrl+C is the pager's: it stops a search, and ends nothing.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    const { exitCode } = await withStartersUmask(() =>
      execa('/bin/sh', ['-c', line], {
        input: text,
        stdout: 'inherit',
        stderr: 'inherit',
        env,
        extendEnv: false,
        reject: false,
      }),
    );
    // The shell's codes for a program that is not there, or cannot be run (POSIX, 2.8.2).
    return exitCode !== 126 && exitCode !== 127;
  } finally {
    process.removeListener('SIGINT', ignore);
  }
}
