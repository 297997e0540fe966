import { join } from 'node:path';
import { z } from 'zod';
import { observerItem, queueItem } from '../health-items.ts';
import { defineQueueKind } from '../kind.ts';
import { DEMO_DAY, EMPTY_DAY, type Script } from './script.ts';

export interface SimulatedSettings {
  script: Script;
  seed: number;
  /** Its run folders go here. */
  dataFolder: string;
  /** How often it moves on, milliseconds. */
  tickMs?: number;
  launchedSeconds?: number;
}

const SCRIPTS = { day: DEMO_DAY, empty: EMPTY_DAY };
const DEFAULT_SEED = 20_261_123;

/** A queue that plays a scripted day, from the beginning at each start. */
export const simulatedKind = defineQueueKind<SimulatedSettings>({
  name: 'simulated',
  summary: 'a simulated queue: nothing it shows is a real training job',
  capabilities: ['launch', 'move', 'observer', 'gpus'],
  schema: z.strictObject({
    script: z
      .enum(['day', 'empty'])
      .default('day')
      .meta({ description: 'of `simulated`: the day of the demo, or nothing that comes by itself' }),
    seed: z
      .int()
      .min(0)
      .default(DEFAULT_SEED)
      .meta({ description: 'of `simulated`: a different seed plays a different day' }),
  }),
  settings: ({ script, seed }, queue, { dataDir }) => ({
    script: SCRIPTS[script as keyof typeof SCRIPTS],
    seed: seed as number,
    dataFolder: join(dataDir, 'simulated', queue),
  }),
  // It makes its own.
  folder: () => null,
  doctor: ({ dataFolder }) => [['queue', `simulated, in ${dataFolder}`]],
  health: (queue) => [queueItem(queue, 'simulated'), observerItem(queue, 'start it with "observer start"')],
  async open({ dataFolder, ...settings }, { name, clock }) {
    const { createSimulatedQueue } = await import('./index.ts');
    return createSimulatedQueue({ ...settings, name, folder: dataFolder, clock });
  },
});
