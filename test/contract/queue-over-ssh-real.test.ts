import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { THERE_CAPABILITIES } from '../../src/queue/xax/there.ts';
import { whyNoSshd } from '../servers/sshd/index.ts';
import { describeQueueContract } from './queue.ts';
import { toyLaunches } from './xax-harness.ts';
import { startXaxOverSsh } from './xax-over-ssh.ts';
import { realXax } from './xax-places.ts';

const TOY = join(import.meta.dirname, '..', 'fixtures', 'xax', 'runs', 'run_005', 'code', 'examples');
const place = realXax();
const why = place ? whyNoSshd() : 'set XAX_BIN to the xax command';

if (place && why === null) {
  const kind = { name: 'xax', capabilities: THERE_CAPABILITIES };
  describeQueueContract(`an xax queue over ssh (${place.xaxBin})`, kind, async () => {
    const harness = await startXaxOverSsh(place);
    const project = join(harness.folder, 'project');
    cpSync(TOY, join(project, 'examples'), { recursive: true });
    return { ...harness, launches: toyLaunches(place, project, { max_steps: '100', sleep: '0.05' }) };
  });
} else {
  describe('an xax queue over ssh (the real one)', () => {
    test.skip(`was not run: ${why}`, () => {});
  });
}
