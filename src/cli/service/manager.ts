import { existsSync } from 'node:fs';
import { BotError } from '../../core/errors.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { findProgram } from '../../processes/find-program.ts';
import { run } from '../../processes/run.ts';

/** A manager that does not answer within this does not, milliseconds; a start waits for the bot to be ready. */
const ASKED_MS = 20_000;
const CHANGED_MS = 11 * 60_000;
const OUTPUT_MAX = 1_000_000;

/** systemd's manager of this user's services. */
export type Manager = ReturnType<typeof createManager>;

/** `env` is given to its programs; where the session names none, the user's runtime folder is taken. */
export function createManager(given: NodeJS.ProcessEnv, uid = process.getuid?.() ?? 0) {
  const runtime = `/run/user/${uid}`;
  const env = {
    ...given,
    ...(given.XDG_RUNTIME_DIR || !existsSync(runtime) ? {} : { XDG_RUNTIME_DIR: runtime }),
  };
  const call = (argv: readonly string[], timeoutMs = ASKED_MS, onLine?: (line: string) => void) =>
    run({ argv, env, timeoutMs, maxOutputBytes: OUTPUT_MAX, ...(onLine ? { onLine } : {}) });

  return {
    /** Why services of this user cannot be had here, in words; null where they can. */
    async missing(): Promise<string | null> {
      if (process.platform !== 'linux') return `this is ${process.platform}, which has no systemd`;
      if (!findProgram('systemctl', env, '/')) return 'there is no systemctl on PATH';
      const { exitCode, stderr, startError } = await call(['systemctl', '--user', 'show-environment']);
      if (exitCode === 0) return null;
      const said = (startError ?? stderr).trim().split('\n')[0] ?? '';
      return `systemd does not run services for this user ("${said}")`;
    },
    /** The version of systemd; 0 where it does not say. */
    async version(): Promise<number> {
      const { stdout } = await call(['systemctl', '--version']);
      return Number(/^systemd (\d+)/.exec(stdout.toString())?.[1] ?? 0);
    },
    /** Some properties of a unit, by their names. */
    async show(unit: string, properties: readonly string[]): Promise<Record<string, string>> {
      const { stdout } = await call([
        ...['systemctl', '--user', 'show', unit],
        `--property=${properties.join(',')}`,
      ]);
      return pairs(stdout.toString());
    },
    /** Whether services go on without anybody logged in; undefined where nobody says. */
    async lingers(user: string): Promise<boolean | undefined> {
      const { exitCode, stdout } = await call(['loginctl', 'show-user', user, '--property=Linger']);
      return exitCode === 0 ? pairs(stdout.toString()).Linger === 'yes' : undefined;
    },
    /** Error `systemd` with what it says. */
    async change(argv: readonly string[]): Promise<void> {
      const { exitCode, stderr, startError } = await call(argv, CHANGED_MS);
      if (exitCode === 0) return;
      throw new BotError(
        'systemd',
        `"${argv.join(' ')}" failed: ${startError ?? (stderr.trim() || `exit code ${exitCode}`)}.`,
        `"${shellCommand('service logs')}" shows what the bot said.`,
      );
    },
    /** Hands on each line of a program, until it ends; resolves to its exit code. */
    async follow(argv: readonly string[], onLine: (line: string) => void): Promise<number> {
      const { exitCode, startError } = await call(argv, 2 ** 31 - 1, onLine);
      if (startError !== null) throw new BotError('systemd', `${argv[0]} did not start: ${startError}.`);
      return exitCode ?? 1;
    },
  };
}

function pairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
