import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCTOR_TIMINGS, examine } from '../../src/cli/doctor/index.ts';
import { temporaryFolder } from '../helpers.ts';

/** A bot's folder, and what doctor finds there. */
export function house(yaml = '', env: NodeJS.ProcessEnv = {}) {
  const cwd = temporaryFolder();
  const xax = join(cwd, 'xax');
  mkdirSync(xax);
  mkdirSync(join(cwd, 'project', 'toys'), { recursive: true });
  writeFileSync(join(cwd, 'project', 'toys', 'line.py'), 'raise SystemExit("it was imported")\n');
  writeFileSync(join(cwd, 'project', 'toys', '__init__.py'), 'raise SystemExit("it was imported")\n');
  writeFileSync(join(cwd, 'project', 'xax.py'), '');
  writeFileSync(join(cwd, 'xaxbot.yaml'), yaml, { mode: 0o600 });
  const place = {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      XAX_HOME: xax,
      XAXBOT_DATA_DIR: join(cwd, 'data'),
      XAXBOT_WEB_PORT: '0',
      ...env,
    },
  };
  const look = async (isOffline = false, timings = DOCTOR_TIMINGS) => {
    const found = await examine(place, { isOffline, timings });
    return (name: string) => found.filter((each) => each.name === name).map(({ name: _, ...rest }) => rest);
  };
  return { cwd, xax, place, look, data: join(cwd, 'data') };
}
