import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { createFingerprintStore } from '../../src/store/fingerprints.ts';
import { VALUES_ANEW } from '../../src/store/migrations/016-values-anew.ts';
import { createRecomputedValues } from '../../src/store/recomputed-values.ts';
import { createRecordedHome, startTestBot } from '../bot.ts';
import { rowsOf } from '../experiments/world.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';

it('values that were taken from event files alone are recomputed once, with what settings were taken for, and those of people never', async () => {
  const folder = temporaryFolder();
  const home = createRecordedHome(folder);
  const state = (text: string) => text.replaceAll('/run_005', '/run_012').replaceAll('/run_006', '/run_013');
  const csv = join(home.home, 'experiments/s1/experiment_log.csv');
  const row = (id: string) => rowsOf(csv).get(id)!;
  const start = () =>
    startTestBot({
      folder,
      home: home.home,
      yaml: 'watch: {defaults: false}\nsession: {name: s1, objective: {metric: value/loss, mode: min}}\n',
    });
  for (const name of ['run_012', 'run_013']) rmSync(join(folder, 'runs', name, 'json'), { recursive: true });

  home.show('030.json', state);
  const before = await start();
  await eventually('its values', () => !!row('job-0000006')?.objective_value);
  await eventually('the values of another', () => !!row('job-0000007')?.objective_value);
  expect(row('job-0000006')).toMatchObject({ objective_value: '0.5234375' });
  expect(row('job-0000006').metrics_json).toContain('"value/loss": 0.5234375');
  const stale = row('job-0000007').objective_value;
  writeFileSync(csv, readFileSync(csv, 'utf8').replace(`,${stale},`, ',7.5,'));
  await eventually('the edit', async () =>
    /7\.5/.test(JSON.stringify((await before.ask('scoreboard')).data)),
  );
  await before.app.stop();

  for (const name of ['run_012', 'run_013'])
    cpSync(join(FIXTURES, 'runs', name, 'json'), join(folder, 'runs', name, 'json'), { recursive: true });
  const db = openDb(join(folder, 'data'));
  db.exec(`DROP TABLE values_anew; ${VALUES_ANEW}`);
  const prints = createFingerprintStore(db);
  const job = createRecomputedValues(db)
    .all()
    .find(({ jobId }) => jobId === 'job-0000006')!;
  const print = prints.get(job)!;
  prints.put(job, { settings: 'of other settings', code: print.code });
  expect(createRecomputedValues(db).all()).toHaveLength(9);
  db.close();
  const after = await start();
  await eventually(
    'the value of its last step',
    () => row('job-0000006').objective_value === '0.10595703125',
  );
  expect(JSON.parse(row('job-0000006').metrics_json)).toMatchObject({ 'value/loss': 0.10595703125 });
  await eventually('what the other logged', () =>
    row('job-0000007').metrics_json.includes('0.0230712890625'),
  );
  expect(row('job-0000007')).toMatchObject({ objective_value: '7.5' });
  const known = openDb(join(folder, 'data'));
  await eventually('all are recomputed', () => createRecomputedValues(known).all().length === 0);
  await after.app.stop();

  expect(createFingerprintStore(known).get(job)).toEqual(print);
  known.close();
}, 60_000);
