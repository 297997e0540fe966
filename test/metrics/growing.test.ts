import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { checkRun } from '../../src/watch/conditions.ts';
import { DEFAULT_RULES } from '../../src/watch/default-rules.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { ELSEWHERE, FOLDERS, merged } from './elsewhere.ts';

const PIECES = 20;

/** One file as it comes: from which piece on, and how much of it at each. */
function planned(size: number, random: () => number): number[] {
  const from = Math.floor(random() * PIECES * 0.5);
  const cuts = Array.from({ length: PIECES - from - 1 }, () => Math.floor(random() * (size + 1))).sort(
    (a, b) => a - b,
  );
  return [...Array.from({ length: from }, () => -1), ...cuts, size];
}

describe('a run folder that grows under the reader', () => {
  it.each(FOLDERS.map((folder, index) => [folder, index] as const))(
    '%s: in twenty pieces the end is as when it is read whole, and nothing is raised on the way',
    async (folder, seed) => {
      const random = seededRandom(seed + 1);
      const from = join(ELSEWHERE, folder);
      const to = temporaryFolder();
      const names = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(
        (name) => name !== 'expected.json' && statSync(join(from, name)).isFile(),
      );
      const plans = names.map((name) => {
        const bytes = readFileSync(join(from, name));
        return { name, bytes, sizes: planned(bytes.length, random) };
      });
      const whole = await merged(createRunReader(createRunFiles(from)));
      const reader = createRunReader(createRunFiles(to));
      const raised = new Set<string>();
      const startedAt = Date.now();
      for (let piece = 0; piece < PIECES; piece += 1) {
        for (const { name, bytes, sizes } of plans) {
          const size = sizes[piece]!;
          if (size < 0) continue;
          const path = join(to, name);
          mkdirSync(dirname(path), { recursive: true });
          // Some writers replace the whole file, others append.
          if (random() < 0.1) {
            writeFileSync(`${path}.new`, bytes.subarray(0, size));
            renameSync(`${path}.new`, path);
          } else if (piece > 0 && sizes[piece - 1]! >= 0)
            appendFileSync(path, bytes.subarray(sizes[piece - 1], size));
          else writeFileSync(path, bytes.subarray(0, size));
        }
        const { series, writtenAt } = await reader.read();
        for (const { steps, length } of series)
          for (let at = 1; at < length; at += 1) expect(steps[at]!).toBeGreaterThanOrEqual(steps[at - 1]!);
        const run = { series, objective: null, startedAt, writtenAt, now: Date.now() };
        for (const rule of DEFAULT_RULES) {
          const finding = checkRun(rule, run, false);
          if (finding) raised.add(`${rule.name} ${finding.tag}`);
        }
      }
      const isWhole = async () => isDeepStrictEqual(await merged(reader), whole);
      // A database is looked at less often than it may change here.
      await eventually('all of it is read', isWhole).catch(() => {});
      expect(await merged(reader)).toEqual(whole);
      // What is NaN in the end was NaN before.
      const ended = Object.entries(whole.curves).filter(([, points]) => /nan|inf/.test(points));
      for (const each of raised)
        expect(
          ended.some(([tag]) => each.endsWith(tag)),
          each,
        ).toBe(true);
    },
  );
});
