import { expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';

const LOG = ['step 1', 'MemoryError', 'slurmstepd: error: Detected 1 oom_kill event in StepId=4711.batch.'];

it.each([
  ['Time limit reached (TIMEOUT)', 'interruption', /more time/],
  ['Out of memory (OUT_OF_MEMORY)', 'out_of_memory_host', /more memory/],
  ['Its node failed (NODE_FAIL)', 'interruption', /retry it/],
  ['Preempted by another job (PREEMPTED)', 'interruption', /not preempted/],
  ['Its deadline passed (DEADLINE)', 'interruption', /more time/],
  ['Its node did not boot (BOOT_FAIL)', 'interruption', /retry it/],
])('an end that the scheduler names is that, whatever the log says: %s', (error, kind, advice) => {
  expect(diagnose({ error, returnCode: null }, LOG)).toMatchObject({
    kind,
    text: `the scheduler ended it: ${error}`,
    advice: expect.stringMatching(advice),
  });
});

it('what only looks like such a word is judged by the log', () => {
  expect(diagnose({ error: 'Exited with return code 1', returnCode: 1 }, ['TIMEOUT)']).text).not.toContain(
    'scheduler',
  );
});
