import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/** A program that stays in the foreground, and ends with this process too if that is killed. */
export interface Daemon {
  pid: number;
  alive: () => boolean;
  signal: (name: NodeJS.Signals) => void;
  /** Sends a signal and waits for the program's end. */
  end: (name?: NodeJS.Signals) => Promise<void>;
}

/** Starts it with what it prints going to the end of `log`. */
export function startDaemon(program: string, argv: string[], env: NodeJS.ProcessEnv, log: string): Daemon {
  const output = openSync(log, 'a');
  const child = spawn(program, argv, { env, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  const failed = once(child, 'error').then(([error]) => error as Error);
  if (child.pid === undefined) throw new Error(`${program} could not be started`, { cause: failed });
  const guard = guardOf(child.pid);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      guard.kill('SIGKILL');
      resolve();
    });
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return {
    pid: child.pid,
    alive,
    signal,
    end: async (name = 'SIGKILL') => {
      if (alive()) signal(name);
      await ended;
    },
  };
}

/** Kills `pid` when this process is gone, which closes the guard's input. */
function guardOf(pid: number): ChildProcess {
  return spawn('sh', ['-c', 'cat > /dev/null; kill -9 "$1"', 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
}
