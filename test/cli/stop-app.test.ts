import { expect, it } from 'vitest';
import { createLifecycle, type Step } from '../../src/app/lifecycle.ts';
import { stopApp } from '../../src/cli/stop-app.ts';
import { quietLog } from '../recorded.ts';

const late: Step = { name: 'late', stop: () => new Promise(() => {}) };
const broken: Step = { name: 'broken', stop: () => Promise.reject(new Error('broken')) };

/** A bot of these parts, which may take no time to stop. */
async function appOf(...steps: Step[]) {
  const app = createLifecycle({ stopWithinMs: 1, log: quietLog });
  await app.start(steps);
  return app;
}

it('a bot that is told to stop while it is busy has not failed', async () => {
  await expect(stopApp(await appOf(late, late), quietLog)).resolves.toBeUndefined();
});

it('one of which a part cannot stop has, unless that is forgiven', async () => {
  await expect(stopApp(await appOf(late, broken), quietLog)).rejects.toThrow('2 parts did not stop');
  await expect(stopApp(await appOf(broken), quietLog)).rejects.toThrow('broken');
  await expect(stopApp(await appOf(broken), quietLog, () => true)).resolves.toBeUndefined();
});
