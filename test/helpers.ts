import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

const folders: string[] = [];

/** A folder of its own that is removed when the file's tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-test-'));
  folders.push(folder);
  return folder;
}

/** Test files share this module: `setup.ts` calls this at the end of each. */
export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** How long anything that is bound to come may take on a machine that is busy with other things too. */
const PATIENCE_MS = 45_000;

/** Waits until `look` gives something; fails with `what` after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) {
      // Counts as an assertion: a test that waits for something can fail.
      expect(found).toBeDefined();
      return found;
    }
    if (Date.now() > until) throw new Error(`timed out waiting for: ${what}`);
    await sleep(20);
  }
}

/** The processor's time that this process has taken so far, milliseconds: what work costs, also on a busy machine. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
