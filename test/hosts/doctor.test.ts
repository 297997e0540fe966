import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { house } from '../cli/doctor-house.ts';
import { findPython, STAND_IN } from '../contract/xax-places.ts';
import { type Sshd, startSshd, whyNoSshd } from '../servers/sshd/index.ts';

const python = await findPython();
const why = python ? whyNoSshd() : 'there is no python3 on PATH';
const PATIENCE_MS = 60_000;

describe.skipIf(why !== null)(
  `doctor of another host (${why ?? 'by a real sshd'})`,
  { timeout: PATIENCE_MS },
  () => {
    let box: Sshd;
    beforeAll(async () => {
      box = await startSshd({ environment: { PYTHONPATH: STAND_IN } });
      mkdirSync(join(box.home, '.xax'));
      mkdirSync(join(box.home, 'project'));
      writeFileSync(join(box.home, 'project', 'toy.py'), 'raise SystemExit("it was imported")\n');
    }, PATIENCE_MS);
    afterAll(() => box?.stop(), PATIENCE_MS);

    const look = (yaml: string) =>
      house(yaml, { PATH: `${box.bin}:${process.env.PATH}`, PYTHONPATH: '' }).look(true);

    it('judges a preset by what is there: its folder, its program, its module and its xax', async () => {
      const of = await look(`queues: [{name: far, host: box}]
presets:
  toy: {cwd: ~/project, argv: [${python}, -m, toy]}
  path: {cwd: ~/project, argv: [python3, -m, toy]}
  gone: {cwd: ~/gone, argv: [${python}, -m, toy]}
  nomodule: {cwd: ~/project, argv: [${python}, -m, toi]}
  noprogram: {cwd: ~/project, argv: [~/venv/bin/python, -m, toy]}
  noscript: {cwd: ~/project, argv: [${python}, train.py]}
`);
      expect(of('preset toy')).toMatchObject([
        { state: 'ok', detail: expect.stringMatching(/^toy by Python 3.* on box$/) },
      ]);
      expect(of('preset path')).toMatchObject([
        { state: 'warning', detail: expect.stringMatching(/ on box, which is the first on PATH there$/) },
      ]);
      expect(of('preset gone')).toMatchObject([
        { state: 'failure', detail: `the folder ${box.home}/gone does not exist on box` },
      ]);
      expect(of('preset nomodule')).toMatchObject([
        { state: 'failure', detail: expect.stringContaining(`finds no module toi in ${box.home}/project`) },
      ]);
      expect(of('preset noprogram')).toMatchObject([
        { state: 'failure', detail: `there is no program ${box.home}/venv/bin/python on box` },
      ]);
      expect(of('preset noscript')).toMatchObject([
        { state: 'failure', detail: `there is no train.py in ${box.home}/project on box` },
      ]);
    });

    it('says of a preset that nothing is known where its host is not reached', async () => {
      const of = await look(
        `queues: [{name: far, host: nobox}]\npresets:\n  toy: {cwd: /, argv: [python3, -m, toy]}\n`,
      );
      expect(of('preset toy')).toMatchObject([
        { state: 'warning', detail: 'not known, as nobox is not reached' },
      ]);
      expect(of('host')).toMatchObject([{ state: 'failure' }]);
    });
  },
);
