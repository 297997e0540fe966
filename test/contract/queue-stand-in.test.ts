import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { xaxKind } from '../../src/queue/xax/kind.ts';
import { describeQueueContract } from './queue.ts';
import { startXax, toyLaunches } from './xax-harness.ts';
import { findPython, STAND_IN, standIn } from './xax-places.ts';

const python = await findPython();

if (python) {
  describeQueueContract('an xax queue (the stand-in)', xaxKind, async () => {
    const place = standIn(python);
    const harness = await startXax(place);
    const project = join(harness.folder, 'project');
    cpSync(join(STAND_IN, 'examples'), join(project, 'examples'), { recursive: true });
    return { ...harness, launches: toyLaunches(place, project, { max_steps: '100', seconds: '30' }) };
  });
} else {
  console.warn('The queue contract was not run against the stand-in xax: there is no python3 on PATH.');
  describe('an xax queue (the stand-in)', () => {
    test.skip('was not run: there is no python3 on PATH', () => {});
  });
}
