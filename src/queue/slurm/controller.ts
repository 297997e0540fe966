import { type Answer, ask, type Run } from './programs.ts';

/** What the controller says of itself. null: it does not say. */
export interface Controller {
  version: string | null;
  /** How long what ended is remembered, seconds; infinite where it is kept for good. */
  minJobAge: number | null;
  /** Its clock, epoch seconds. */
  now: number | null;
  /** The id that the next job gets. */
  nextId: number | null;
  hasAccounting: boolean;
  /** How long a job has between SIGTERM and SIGKILL, seconds. */
  killWait: number | null;
}

/** Asks for the controller's settings (scontrol(1), show config). */
export async function askController(
  run: Run,
  env: NodeJS.ProcessEnv,
  more: { timeoutMs?: number } = {},
): Promise<Controller | Extract<Answer, { ok: false }>> {
  const answer = await ask(run, env, ['scontrol', 'show', 'config'], more);
  return answer.ok ? controllerOf(answer.text) : answer;
}

export function controllerOf(text: string): Controller {
  const value = (name: string) => new RegExp(`^${name}\\s*=\\s*(.*?)\\s*$`, 'mi').exec(text)?.[1] ?? null;
  const number = (name: string) => {
    const digits = /^\d+/.exec(value(name) ?? '')?.[0];
    return digits === undefined ? null : Number(digits);
  };
  const age = number('MinJobAge');
  const accounting = value('AccountingStorageType');
  return {
    version: value('SLURM_VERSION'),
    minJobAge: age === 0 ? Number.POSITIVE_INFINITY : age,
    now: Number(/^Configuration data as of (\d+)$/m.exec(text)?.[1]) || null,
    nextId: number('NEXT_JOB_ID'),
    hasAccounting: accounting !== null && !/none|^\(null\)$/i.test(accounting),
    killWait: number('KillWait'),
  };
}
