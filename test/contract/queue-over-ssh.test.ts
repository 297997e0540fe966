import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { THERE_CAPABILITIES } from '../../src/queue/xax/there.ts';
import { whyNoSshd } from '../servers/sshd/index.ts';
import { describeQueueContract } from './queue.ts';
import { toyLaunches } from './xax-harness.ts';
import { startXaxOverSsh } from './xax-over-ssh.ts';
import { findPython, STAND_IN, standIn } from './xax-places.ts';

const python = await findPython();
const why = python ? whyNoSshd() : 'there is no python3 on PATH';

if (python && why === null) {
  describeQueueContract(
    'an xax queue over ssh (the stand-in)',
    { name: 'xax', capabilities: THERE_CAPABILITIES },
    async () => {
      const place = standIn(python);
      const harness = await startXaxOverSsh(place);
      const project = join(harness.folder, 'project');
      cpSync(join(STAND_IN, 'examples'), join(project, 'examples'), { recursive: true });
      return { ...harness, launches: toyLaunches(place, project, { max_steps: '100', seconds: '30' }) };
    },
  );
} else {
  describe('an xax queue over ssh (the stand-in)', () => {
    test.skip(`was not run: ${why}`, () => {});
  });
}
