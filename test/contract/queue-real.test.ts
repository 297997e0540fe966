import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { xaxKind } from '../../src/queue/xax/kind.ts';
import { describeQueueContract } from './queue.ts';
import { startXax, toyLaunches } from './xax-harness.ts';
import { realXax } from './xax-places.ts';

const TOY = join(import.meta.dirname, '..', 'fixtures', 'xax', 'runs', 'run_005', 'code', 'examples');
const place = realXax();

if (place) {
  describeQueueContract(`an xax queue (${place.xaxBin})`, xaxKind, async () => {
    const harness = await startXax(place);
    const project = join(harness.folder, 'project');
    cpSync(TOY, join(project, 'examples'), { recursive: true });
    return { ...harness, launches: toyLaunches(place, project, { max_steps: '100', sleep: '0.05' }) };
  });
} else {
  console.warn('The queue contract was not run against a real xax: XAX_BIN names none.');
  describe('an xax queue (the real one)', () => {
    test.skip('was not run: set XAX_BIN to the xax command', () => {});
  });
}
