import { constants } from 'node:fs';
import { resolve } from 'node:path';
import { type Finding, warning } from '../../core/finding.ts';
import { silentLog } from '../../core/log.ts';
import type { Preset } from '../../core/preset.ts';
import { createHost, type Host } from '../../hosts/host.ts';
import { runThere } from '../../hosts/run-there.ts';
import { homesThere } from '../homes.ts';
import type { CheckDeps } from '../kind.ts';
import { checkPresets, type PresetPlace } from '../preset-check.ts';
import { refusalThere } from './programs-there.ts';
import type { XaxThereSettings } from './settings.ts';

/** Whether presets can be launched on another host, looked at there over a connection of its own. */
export async function checkPresetsThere(
  presets: readonly Preset[],
  { place }: Pick<XaxThereSettings, 'place'>,
  { env, timeoutMs }: Pick<CheckDeps, 'env' | 'timeoutMs'>,
): Promise<Finding[]> {
  const host = createHost({
    ...{ place, env, clock: Date.now, log: silentLog },
    onUp: async () => {},
    onChange() {},
    connection: { beginMs: timeoutMs },
  });
  host.start();
  try {
    await host.tried();
    if (host.state().isUp)
      return await checkPresets(presets, presetPlaceThere(host), { xax: true }, timeoutMs / 2);
    return presets.map(({ name }) => warning(`preset ${name}`, `not known, as ${place.host} is not reached`));
  } finally {
    await host.stop();
  }
}

function presetPlaceThere(host: Host): PresetPlace {
  const ask = async (question: { do: string; [field: string]: unknown }) => (await host.ask(question)).ok;
  return {
    host: host.name,
    readHomes: homesThere(host),
    async isFolder(path) {
      const { end } = (await ask({ do: 'walk', path })) as { end: { mode: number } | null };
      return end !== null && (end.mode & constants.S_IFMT) === constants.S_IFDIR;
    },
    isFile: async (path) => (await ask({ do: 'isFile', path })) === true,
    async find(program, cwd) {
      const name = program.includes('/') ? resolve(cwd, program) : program;
      return ((await ask({ do: 'find', name })) as string | null) ?? undefined;
    },
    refusal: (path) => refusalThere(host, path),
    run: (request) => runThere(host, { ...request, env: {} }),
  };
}
