import { expect, it } from 'vitest';
import type { Person } from '../../src/core/person.ts';
import type { Preset } from '../../src/core/preset.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createQueues } from '../../src/core/queues.ts';
import { createQueueChoice } from '../../src/launch/choose-queue.ts';
import { temporaryFolder } from '../helpers.ts';
import { toyQueue } from '../toy-bot.ts';

const preset = (queues?: string[]): Preset => ({
  name: 'toy',
  description: '',
  cwd: '/p',
  argv: ['python'],
  options: {},
  allowExtra: [],
  queues,
});

/** The first two launch, the third only shows what others have queued. */
const choice = () => {
  const [left, right, shown] = ['left', 'right', 'shown'].map((name) =>
    toyQueue(temporaryFolder(), undefined, name),
  );
  const { launch: _, ...readOnly } = shown!;
  return createQueueChoice({ queues: createQueues([left!, right!, readOnly]), nextStart: async () => null });
};
const names = (queues?: string[]) =>
  choice()
    .candidates(preset(queues))
    .map(({ name }) => name);

it('a preset is launched on the queues that it names and that can launch, else on each that can', () => {
  expect(names()).toEqual(['left', 'right']);
  expect(names(['shown', 'right'])).toEqual(['right']);
});

it('a preset whose only queue cannot launch is launched on no other', async () => {
  const cannot = { code: 'queue-lacks', message: expect.stringContaining('shown is a simulated queue') };
  expect(() => names(['shown'])).toThrow(expect.objectContaining(cannot));
  await expect(
    choice().choose(preset(['shown']), undefined, { id: 'ada', name: 'Ada', role: 'admin' }),
  ).rejects.toMatchObject(cannot);
});

it('a preset whose queue is none of them is launched on no other', () => {
  expect(() => names(['rihgt'])).toThrow(expect.objectContaining({ code: 'unknown-queue' }));
});

it('a queue whose observer is down comes last, also where that is started on another host alone', async () => {
  const [near, far] = ['near', 'far'].map((name) => toyQueue(temporaryFolder(), undefined, name));
  const { observer: _, ...shown } = far!;
  const there: Queue = {
    ...shown,
    startedBy: 'ssh box xax queue start',
    snapshot: () => ({ ...far!.snapshot()!, observer: null }),
  };
  const { startedBy: __, ...open } = near!;
  const choices = createQueueChoice({
    queues: createQueues([there, open]),
    nextStart: async () => ({ low: 0, high: 0 }),
  });
  const ada: Person = { id: 'ada', name: 'Ada', role: 'admin' };
  for (const queue of [there, open]) await queue.start(() => {});
  expect(await choices.choose(preset(), undefined, ada)).toMatchObject({
    queue: { name: 'near' },
    why: 'it starts at once; on far nothing starts without an observer.',
  });
  for (const queue of [there, open]) await queue.stop();
});
