import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { temporaryFolder } from '../helpers.ts';

const EVENTS = join(import.meta.dirname, '..', 'fixtures', 'runs-elsewhere');

const trainings: ChildProcess[] = [];
afterEach(() => {
  for (const child of trainings.splice(0)) child.kill('SIGKILL');
});

/** An event file that a stack left. */
export function anEventFile(): string {
  const found = readdirSync(EVENTS, { recursive: true, encoding: 'utf8' })
    .sort()
    .find((path) => /events\.out\.tfevents/.test(path));
  return join(EVENTS, found!);
}

/** Where a project's runs go: `run()` makes the folder of one. */
export function createProject() {
  const project = join(temporaryFolder(), 'home', 'proj');
  return {
    project,
    run(name = 'exp-1'): string {
      const folder = join(project, 'runs', name);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
  };
}

/** Begins to train in a folder, in a process of its own, until `stop`. `nanFrom`: the step from which the loss is NaN. */
export function train(folder: string, nanFrom?: number) {
  const argv = [join(import.meta.dirname, 'trainer.mjs'), folder, anEventFile()];
  const child = spawn(process.execPath, nanFrom === undefined ? argv : [...argv, String(nanFrom)], {
    stdio: 'ignore',
  });
  trainings.push(child);
  return {
    pid: child.pid!,
    stop: () => writeFileSync(join(folder, 'stop'), ''),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Adds rows to the table of a run that writes it from here. */
export function writeRows(folder: string, from: number, count: number): void {
  const path = join(folder, 'metrics.csv');
  if (from === 0) writeFileSync(path, 'step,loss\n');
  for (let step = from; step < from + count; step += 1) appendFileSync(path, `${step},${1 / (1 + step)}\n`);
}
