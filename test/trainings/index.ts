import { appendFileSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../src/processes/run.ts';
import { ELSEWHERE } from '../metrics/elsewhere.ts';

/** A small training of another stack than xax's. */
export interface Training {
  stack: string;
  script: string;
  /** The package that it needs; its recording is replayed where that is not installed. */
  needs: string;
  /** Below the recorded folders of other stacks. */
  recording: string;
  metric: string;
  /** What the card says beside its value where nobody declared an objective. */
  rule: string;
}

export const TRAININGS: readonly Training[] = [
  {
    stack: 'a plain script that writes a CSV',
    script: 'plain.py',
    needs: 'csv',
    recording: 'keras/whole',
    metric: 'val_loss',
    rule: 'its loss on held-out data',
  },
  {
    stack: 'PyTorch',
    script: 'torch_loop.py',
    needs: 'torch',
    recording: 'writers/torch-killed',
    metric: 'loss',
    rule: 'its training loss',
  },
  {
    stack: 'Lightning',
    script: 'lightning_fit.py',
    needs: 'lightning',
    recording: 'lightning/csv',
    metric: 'val_loss',
    rule: 'its loss on held-out data',
  },
];

/** Whether the Python of this host has a package. */
export async function hasPackage(name: string): Promise<boolean> {
  const argv = ['python3', '-c', `import ${name}`];
  const { exitCode } = await run({
    argv,
    env: { PATH: process.env.PATH },
    timeoutMs: 60_000,
    maxOutputBytes: 10_000,
  });
  return exitCode === 0;
}

/** Runs it, or replays what it wrote when it was recorded, over so many seconds. */
export async function train(
  { script, recording }: Training,
  { isInstalled, given, seconds }: { isInstalled: boolean; given: Record<string, string>; seconds: number },
): Promise<void> {
  if (!isInstalled) return replay(join(ELSEWHERE, recording), given.output_dir!, seconds);
  const words = Object.entries({ ...given, seconds: String(seconds) }).map(
    ([key, value]) => `${key}=${value}`,
  );
  const argv = ['python3', join(import.meta.dirname, script), ...words];
  const { exitCode, stderr } = await run({
    argv,
    env: { PATH: process.env.PATH },
    timeoutMs: 120_000,
    maxOutputBytes: 100_000,
  });
  if (exitCode !== 0) throw new Error(`${script}: ${stderr}`);
}

/** Every file of it in so many pieces, one after the other. */
async function replay(from: string, to: string, seconds: number): Promise<void> {
  const PIECES = 20;
  const files = globSync('**/*', { cwd: from, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'expected.json')
    .map((entry) => join(entry.parentPath, entry.name));
  for (let piece = 0; piece < PIECES; piece += 1) {
    for (const file of files) {
      const bytes = readFileSync(file);
      const copy = join(to, file.slice(from.length));
      mkdirSync(dirname(copy), { recursive: true });
      const [start, end] = [piece, piece + 1].map((at) => Math.floor((bytes.length * at) / PIECES));
      appendFileSync(copy, bytes.subarray(start, end));
    }
    await sleep((seconds * 1_000) / PIECES);
  }
}
