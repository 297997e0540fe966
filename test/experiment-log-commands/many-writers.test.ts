import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { addRow, changeExperimentLog } from '../../src/experiment-log-commands/change.ts';
import { logOf, newHome } from './home.ts';

let home: ReturnType<typeof newHome>;
beforeEach(() => {
  home = newHome();
});

describe('many writers and many rows', () => {
  it('stand in line: a change is made once each, over what was read once', async () => {
    writeFileSync(home.csv, logOf(2_000));
    let changes = 0;
    const change = (id: string) =>
      changeExperimentLog(home.csv, (rows) => {
        changes += 1;
        addRow(rows, id, 0);
      });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(change));
    expect(changes).toBe(5);
    expect(home.ids().slice(2_000).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('take time as the rows do, not as rows times jobs', async () => {
    writeFileSync(home.csv, logOf(30_000));
    const jobs = Array.from({ length: 10_000 }, (_, index) => ({
      job_id: `lr-${20_000 + index}`,
      status: 'completed',
      run_dir: `/runs/${20_000 + index}`,
    }));
    writeFileSync(join(home.home, 'status.json'), JSON.stringify({ jobs }));
    const before = process.cpuUsage();
    expect((await home.run('log', 'sync', '--status-json', 'status.json')).code).toBe(0);
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(6);
    expect(home.ids()).toHaveLength(30_000);
    expect(home.text().match(/,completed,/g)).toHaveLength(10_000);
  });
});
