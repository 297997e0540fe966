import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cleanLine } from '../queue/clean-text.ts';

/** Whose a living process is, and the name of its program; undefined when there is none, or it may not be seen. */
export async function processIdentity(pid: number): Promise<{ uid: number; program: string } | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  // proc_pid_status(5): the command's name without its path and arguments, cut to 15 bytes; the real uid first.
  const program = /^Name:\t(.+)$/m.exec(status)?.[1];
  const uid = /^Uid:\t(\d+)/m.exec(status)?.[1];
  return program === undefined || uid === undefined
    ? undefined
    : { uid: Number(uid), program: cleanLine(program) };
}

/**
 * Whether there is such a process here; also true of one that may not be looked into (proc(5), hidepid). A thread's id
 * is no process's, though kill(2) takes it for one: of a host's ids some will be those of threads in a container.
 */
export function isProcessHere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isThread(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** By the process that it belongs to (proc_pid_status(5), Tgid). */
function isThread(id: number): boolean {
  try {
    const process = /^Tgid:\t(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
    return process !== undefined && Number(process) !== id;
  } catch {
    return false;
  }
}
