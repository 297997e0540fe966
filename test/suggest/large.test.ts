import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { experimentRow } from '../../src/core/experiment.ts';
import type { Preset } from '../../src/core/preset.ts';
import { EXPERIMENT_LOG_LINES } from '../../src/experiments/csv.ts';
import { createExperimentStore } from '../../src/store/experiments.ts';
import { createSuggestService } from '../../src/suggest/service.ts';
import { createWorld } from '../experiments/world.ts';
import { cpuMs } from '../helpers.ts';

const preset: Preset = {
  name: 'toy',
  description: '',
  cwd: '/p',
  argv: ['python', '-m', 'examples.toy'],
  options: {
    rate: { type: 'number', description: '', min: 1e-5, max: 1, default: '0.01' },
    width: { type: 'integer', description: '', min: 1, max: 4096 },
  },
  allowExtra: [],
};

describe('suggestions in a long log', () => {
  let world: ReturnType<typeof createWorld>;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.close());

  /** A session of so many rows that no job here belongs to, as a script would have written them. */
  function filled(count: number) {
    const experiments = world.open({ name: `s${count}`, objective: { metric: 'loss', mode: 'min' } });
    const store = createExperimentStore(world.db(), EXPERIMENT_LOG_LINES);
    // The session stands in the database from the first time that it is asked for.
    const { name } = experiments.session.info();
    const id = world
      .db()
      .prepare<[string], number>('SELECT id FROM sessions WHERE name = ?')
      .pluck()
      .get(name)!;
    store.transaction(() => {
      for (let index = 0; index < count; index += 1) {
        const part = ((index * 7919) % 10_007) / 10_007;
        const rate = String(Number((10 ** (-5 * part)).toPrecision(5)));
        const fields = experimentRow({
          experiment_id: `run-${index}`,
          status: 'completed',
          task_key: 'examples.toy.Toy',
          command: `python -m examples.toy --launcher queued rate=${rate} width=${1 + (index % 4000)}`,
          objective_metric: 'loss',
          objective_mode: 'min',
          objective_value: String((part - 0.37) ** 2 + 0.1),
          ended_at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
        });
        store.add({ id }, { fields, extra: {} }, null);
      }
    });
    return experiments;
  }

  it('take a time that grows no faster than the log, though the surface costs the cube of its points', async () => {
    const service = createSuggestService({
      jobs: { get: () => undefined, usualSeconds: () => null },
      launches: {
        presets: () => [preset],
        preview: (_name, given) => ({ assignments: { ...given }, command: '' }),
      },
      resolvedOf: async () => null,
      clock: Date.now,
    });
    const took: number[] = [];
    for (const count of [400, 1_000, 10_000]) {
      const experiments = filled(count);
      const started = cpuMs();
      const { suggestions, runs } = await service.suggest(experiments, undefined, 1);
      took.push(cpuMs() - started);
      expect(runs).toBe(count);
      expect(suggestions[0]!.why).toMatch(new RegExp(`through 1\\d\\d of the ${count} runs`));
    }
    // The first includes the compiler's warming up.
    expect(took[2]! / took[1]!).toBeLessThan(20);
    expect(took[2]!).toBeLessThan(5_000);
  });
});
