import { join } from 'node:path';
import { z } from 'zod';
import { wallsHealth } from '../../files/walls.ts';
import { cautionItems, observerItem, queueItem } from '../health-items.ts';
import { defineQueueKind } from '../kind.ts';
import { STATE_FILE } from './files.ts';
import { START_COMMAND } from './observer-service.ts';
import {
  hereRows,
  hereSettings,
  thereRows,
  thereSettings,
  thereText,
  type XaxSettings,
  type XaxThereSettings,
} from './settings.ts';

/** What stands for a host in ssh's command line: no option, and one word; with colons an address of IPv6. */
const HOST = /^(?!-)(?:[\w.-]+@)?(?:\w[\w.-]*|[\da-f.]*:[\da-f.]*:[\da-f:.]*(?:%[\w.-]+)?)$/i;
const HOST_WORDS =
  'has to be a host as ssh is given it: a Host of ~/.ssh/config, HOST or USER@HOST; a port goes into ssh_config (Port), and an address has no brackets';

/** The xax queue of this host, or of another one over ssh. */
export const xaxKind = defineQueueKind<XaxSettings | XaxThereSettings>({
  name: 'xax',
  summary: 'xax on this host, or over ssh on another',
  capabilities: ['launch', 'move', 'observer', 'gpus', 'tensorboard'],
  schema: z.strictObject({
    host: z.string().regex(HOST, HOST_WORDS).optional().meta({
      description:
        'of `xax`: the host it is on, as ssh is given it: a Host of ~/.ssh/config, or USER@HOST ([docs/hosts.md](hosts.md))',
      type: 'host',
      otherwise: 'this one',
    }),
    ssh_config: z.string().min(1).optional().meta({
      description: "with `host`: the ssh client's settings; a relative path is below the yaml's own folder",
      type: 'file',
      otherwise: "the user's own",
    }),
    home: z.string().min(1).optional().meta({
      description: "of `xax`: the queue's folder; a relative one is below the yaml's own folder",
      type: 'folder',
      otherwise: 'as xax finds it',
    }),
    bin: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'of `xax`: the xax command', type: 'command', otherwise: 'as for `XAX_BIN`' }),
    runs: z.string().min(1).optional().meta({
      description:
        "of `xax`: where its jobs write their metrics besides their run folders, from each job's working folder, with `*` for any part of a name",
      type: 'path',
      otherwise: 'found by what a job is given and prints (docs/runs.md)',
    }),
  }),
  settings: (written, _queue, place) =>
    typeof written.host === 'string' ? thereSettings(written, place) : hereSettings(written, place),
  folder: (settings) => ('place' in settings ? null : settings.home),
  whereElse: (settings) => ('place' in settings ? thereText(settings) : null),
  doctor: (settings) => ('place' in settings ? thereRows(settings) : hereRows(settings)),
  check: async (settings, deps) =>
    'place' in settings
      ? (await import('./doctor-there.ts')).checkXaxThere(settings, deps)
      : (await import('./doctor.ts')).checkXax(settings, deps),
  checkPresets: async (presets, settings, deps) =>
    'place' in settings
      ? (await import('./presets-there.ts')).checkPresetsThere(presets, settings, deps)
      : (await import('../preset-check.ts')).checkPresetsHere(presets, { xax: true }, deps),
  health: (queue, settings) =>
    'place' in settings
      ? [
          queueItem(queue, thereText(settings)),
          observerItem(queue, `start it there with "${START_COMMAND}"`),
          ...cautionItems(queue, 'xax'),
        ]
      : [
          queueItem(queue, settings.home),
          observerItem(queue, `start it with "${START_COMMAND}"`),
          ...wallsHealth([
            { wall: 'queue', path: settings.home },
            { wall: "queue's file", path: join(settings.home, STATE_FILE) },
            ...(settings.xaxBin === undefined
              ? []
              : [{ wall: 'named program' as const, path: settings.xaxBin }]),
          ]),
        ],
  async open(settings, deps) {
    if ('place' in settings) {
      const { createXaxThere } = await import('./there.ts');
      return createXaxThere({ ...settings, ...deps });
    }
    const { createXaxQueue } = await import('./index.ts');
    return createXaxQueue({ ...settings, ...deps });
  },
});
