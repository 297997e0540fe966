import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import type { SshPlace } from '../../src/hosts/ssh-arguments.ts';
import { checkXaxThere } from '../../src/queue/xax/doctor-there.ts';
import { xaxKind } from '../../src/queue/xax/kind.ts';
import { createXaxThere, type XaxThere, type XaxThereOptions } from '../../src/queue/xax/there.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

const why = whyNoSshd();
const PATIENCE_MS = 60_000;

describe.skipIf(why !== null)(
  `what is to be done about another host (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: Sshd;
    beforeAll(async () => {
      box = await startSshd();
    }, PATIENCE_MS);
    afterAll(() => box?.stop(), PATIENCE_MS);

    async function reach<T>(
      more: Partial<XaxThereOptions>,
      look: (queue: XaxThere) => T | Promise<T>,
    ): Promise<T> {
      const queue = createXaxThere({
        ...{ name: 'far', place: { host: 'box' }, home: undefined, xaxBin: undefined, lostMs: 0 },
        ...{ env: { PATH: `${box.bin}:${process.env.PATH}` }, clock: Date.now, log: silentLog, ...more },
      });
      await queue.start(() => {});
      try {
        return await look(queue);
      } finally {
        await queue.stop();
      }
    }
    const said = (more: Partial<XaxThereOptions>) =>
      reach(more, (queue) => {
        const health = queue.health();
        return health.ok ? '' : health.problem;
      });
    /** As ssh is called with other settings than the user's. */
    const byFile = (): Partial<XaxThereOptions> => ({
      place: { host: 'box', config: box.configFile },
      env: { PATH: process.env.PATH },
    });

    it('tells a login shell that may not be run from a key that is refused', async () => {
      box.setShell('/etc/passwd');
      const shell = await said({});
      expect(shell).toMatch(
        /^box lets us in, and does not run what it is told to: it says ".*Permission denied"/,
      );
      expect(shell).toMatch(/ssh box echo works has to print/);
      box.setShell('/bin/sh');
      const stranger = join(box.folder, 'stranger');
      writeFileSync(stranger, `Host box\n  User nobody\nInclude ${box.configFile}\n`);
      expect(await said({ ...byFile(), place: { host: 'box', config: stranger } })).toMatch(
        /cannot be reached: .*Permission denied \(publickey\)\. ssh -F \S+\/stranger box has to work here without a password/,
      );
    });

    it('names the settings that ssh goes by in what is to be typed', async () => {
      const observer = await reach(byFile(), async (queue) => {
        expect(queue.startedBy).toBe(`ssh -F ${box.configFile} box xax queue start`);
        return queue.health();
      });
      expect(observer).toMatchObject({ ok: false, problem: expect.stringContaining('.xax does not exist') });
      const unknown = { host: 'elsewhere.invalid', config: box.configFile } satisfies SshPlace;
      expect(await said({ ...byFile(), place: unknown })).toContain(
        `Look at the name, or give it a Host in ${box.configFile}.`,
      );
      await box.changeHostKey();
      const changed = await said(byFile());
      expect(changed).toContain('another than the known one');
      expect(changed).toContain(`remove the old one, line 1 of ${box.knownHosts}.`);
      box.trustHostKey();
      writeFileSync(box.knownHosts, '');
      expect(await said(byFile())).toContain(`log in once by hand with ssh -F ${box.configFile} box, `);
      box.trustHostKey();
    });

    it('does not ask for read access to what is no folder', async () => {
      expect(await said({ home: '/etc/passwd' })).toBe(
        "/etc/passwd/queue_state.json cannot be read: Not a directory. Name the queue's folder, in which it lies, as home of the queue.",
      );
    });

    it('says that the xax command is not there which bin names, in health and in doctor', async () => {
      const home = join(box.home, 'queue');
      mkdirSync(home);
      const bin = '/nope/xax';
      const settings = { home, xaxBin: bin, runs: undefined, place: { host: 'box', python: '/nope/python' } };
      expect(await reach(settings, (queue) => xaxKind.health(queue, settings))).toContainEqual({
        name: 'xax',
        ok: false,
        detail: '/nope/xax, which bin names, is not there. Correct bin of the queue.',
      });
      const findings = await checkXaxThere(settings, {
        env: { PATH: `${box.bin}:${process.env.PATH}` },
        timeoutMs: PATIENCE_MS,
      });
      expect(findings).toContainEqual({
        name: 'host',
        state: 'ok',
        detail: expect.stringMatching(
          / with Python 3\S+ \(\S+, as \/nope\/python does not run or is older\)$/,
        ),
      });
      expect(findings).toContainEqual({
        name: 'xax',
        state: 'failure',
        detail: '/nope/xax, which bin names, is not there. Correct bin of the queue',
      });
    });
  },
);
