import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../test/servers/free-port.ts';
import { percentile } from '../../table.ts';
import { type Side, Unmeasured } from '../measure.ts';

/** Debian's package prometheus-alertmanager. */
const PROGRAM = '/usr/bin/prometheus-alertmanager';
const ALERTS = 20;
const PAUSE_MS = 120;
const WITHIN_S = 15;

/** From an alert that Alertmanager accepted to its webhook, p50 of a few, milliseconds; it keeps no journal of alerts. */
export const alertmanager: Side = {
  label: 'Alertmanager',
  async open(run) {
    if (!existsSync(PROGRAM)) throw new Unmeasured(`${PROGRAM} is not installed`);
    const folder = mkdtempSync(join(run.folder, 'alertmanager-'));
    const arrivals = new Map<string, number>();
    const receiver = createServer(async (request, response) => {
      const now = performance.now();
      let text = '';
      for await (const chunk of request) text += chunk;
      for (const [, name] of text.matchAll(/"alertname":"(job-\d+)"/g))
        if (!arrivals.has(name!)) arrivals.set(name!, now);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(
      config,
      `route: {receiver: hook, group_by: [alertname], group_wait: 0s}\nreceivers:\n  - name: hook\n    webhook_configs: [{url: '${url}'}]\n`,
    );
    const address = `127.0.0.1:${await freePort()}`;
    const program = spawn(
      PROGRAM,
      [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const isReady = () =>
      fetch(`http://${address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    for (let tries = 0; !(await isReady()); tries += 1) {
      if (tries > WITHIN_S * 10) throw new Unmeasured('Alertmanager did not come up');
      await sleep(100);
    }
    let count = 0;

    async function one(): Promise<number> {
      count += 1;
      const name = `job-${count}`;
      const body = JSON.stringify([{ labels: { alertname: name } }]);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`http://${address}/api/v2/alerts`, { method: 'POST', headers, body });
      const accepted = performance.now();
      if (!answer.ok) throw new Unmeasured(`Alertmanager refused: ${await answer.text()}`);
      await answer.text();
      while (!arrivals.has(name)) {
        if (performance.now() - accepted > WITHIN_S * 1_000)
          throw new Unmeasured(`no webhook of ${name} came`);
        await sleep(1);
      }
      await sleep(PAUSE_MS);
      return arrivals.get(name)! - accepted;
    }

    return {
      async sample() {
        const samples: number[] = [];
        for (let index = 0; index < ALERTS; index += 1) samples.push(await one());
        return percentile(samples, 0.5);
      },
      async close() {
        program.kill('SIGTERM');
        await once(program, 'exit');
        receiver.closeAllConnections();
        receiver.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
