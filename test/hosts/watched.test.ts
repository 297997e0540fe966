import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, openConnection } from '../../src/hosts/connection.ts';
import type { Frame } from '../../src/hosts/frames.ts';
import { eventually } from '../helpers.ts';
import { rawJob, rawState, stateText, writeStateFile } from '../queue/xax/helpers.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

const why = whyNoSshd();
const PATIENCE_MS = 60_000;
const LOOK_SECONDS = 0.02;
const LONG_SECONDS = 3_600;

describe.skipIf(why !== null)(
  `a state file that is followed on another host (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: Sshd;
    let connection: Connection;
    let homes = 0;
    beforeAll(async () => {
      box = await startSshd();
      connection = await openConnection({
        place: { host: box.host },
        env: { PATH: `${box.bin}:${process.env.PATH}` },
      });
    }, PATIENCE_MS);
    afterAll(async () => {
      connection?.end();
      await box?.stop();
    }, PATIENCE_MS);

    /** What is told of the file that stands there first, and from then on. */
    async function follow(childrenSeconds: number) {
      homes += 1;
      const home = join(box.home, `queue-${homes}`);
      mkdirSync(home);
      const told: Frame['head'][] = [];
      let id = 0;
      const write = (children: number[], more: object = {}) =>
        writeStateFile(
          home,
          stateText(
            rawState([
              rawJob(1, { child_pids: [7] }),
              rawJob(2, { status: 'running', child_pids: children, ...more }),
              rawJob(3),
            ]),
          ),
        );
      write([]);
      const question = { do: 'watch', folder: home, names: ['queue_state.json'], most: 1e6 };
      await connection.ask(
        { ...question, seconds: LOOK_SECONDS, childrenSeconds },
        {
          withinMs: PATIENCE_MS,
          stays: true,
          onEvent({ head }) {
            id = head.id as number;
            if (head.file) told.push(head);
          },
        },
      );
      return { write, told, look: () => connection.ask({ do: 'look', of: id }, { withinMs: PATIENCE_MS }) };
    }

    it('is not told for the children of a job alone, but with what else differs', async () => {
      const { write, told } = await follow(LONG_SECONDS);
      for (const children of [[11], [11, 12], [], [9_999_999]]) {
        write(children);
        await sleep(5 * LOOK_SECONDS * 1_000);
      }
      write([11, 13], { status: 'completed' });
      await eventually('it is told', () => told.length > 1, PATIENCE_MS);
      expect(told).toMatchObject([{ length: expect.any(Number) }, { pieces: expect.any(Array) }]);
    });

    it('is told for them to whoever asks, and after a while', async () => {
      const patient = await follow(LONG_SECONDS);
      patient.write([11]);
      await patient.look();
      expect(patient.told).toHaveLength(2);
      const soon = await follow(0.1);
      soon.write([11]);
      await eventually('it is told', () => soon.told.length === 2, PATIENCE_MS);
    });

    it('is told at once for anything else', async () => {
      const { write, told } = await follow(LONG_SECONDS);
      for (const more of [
        { pid: 5 },
        { pid: 6 },
        { child_pids: ['x'] },
        { error: '[1, 2' },
        { error: '[1, 3' },
      ]) {
        const before = told.length;
        write([], more);
        await eventually('it is told', () => told.length === before + 1, PATIENCE_MS);
      }
    });

    it('is not told where it was written again as it was', async () => {
      const { write, told, look } = await follow(0);
      write([]);
      await look();
      expect(told).toHaveLength(1);
    });
  },
);
