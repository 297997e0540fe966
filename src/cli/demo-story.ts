import type { App } from '../app/app.ts';
import type { Person } from '../core/person.ts';

/** Whoever said what the demo's past runs showed: nobody of the settings. */
const COLLEAGUE: Person = { id: 'simulated', name: 'a simulated colleague', role: 'admin' };
/** What was expected of runs of the demo's history, and what they showed. */
const STORY = [
  'hypothesis add job=4 "the rate of the small model suits the large one"',
  'verdict 4 inconclusive next="0.005 for as long" "it ends well, but nothing higher was tried"',
  'hypothesis add job=10 "three times the rate gets further in the same steps"',
  'verdict 10 refuted next="below 0.01" "it ends higher than 0.01 did, and shakes more"',
  'hypothesis add job=15 "half the rate ends lower, if the steps are enough"',
  'verdict 15 refuted next="between 0.005 and 0.01" "it still falls at the end: the steps are not enough for it"',
  'hypothesis add job=17 "the language model wants a higher rate than 0.001"',
  'verdict 17 confirmed next="0.006" "a third of what 0.001 ends at, after as many steps"',
];

/** A session with verdicts, as if somebody had judged the runs that ended before; by the commands that people give. */
export async function tellDemoStory({ handlers, settled }: Pick<App, 'handlers' | 'settled'>): Promise<void> {
  await settled();
  for (const words of STORY)
    await handlers.invoke(
      { adapter: 'terminal', channel: 'terminal', person: COLLEAGUE, input: { kind: 'text', words } },
      async () => undefined,
    );
}
