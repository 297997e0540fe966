import { afterAll } from 'vitest';
import { ADAPTERS } from '../../adapters/registry.ts';
import type { AdapterHarness } from './adapter-harness.ts';
import { adapterContract, contractTable, type Done } from './adapter-suite.ts';

const done: Done = {};
const kinds = ADAPTERS.filter(({ load }) => load);

for (const kind of kinds) {
  // An adapter without a harness of its name fails here.
  const { harness } = (await import(`./adapter-${kind.name}.ts`)) as { harness: AdapterHarness };
  adapterContract(kind, harness, done);
}

afterAll(() => {
  console.log(
    contractTable(
      done,
      kinds.map(({ name }) => name),
    ),
  );
});
