import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const folder = new URL('../../node_modules/.cache/xaxbot-tests/', import.meta.url);
/** The bot as `bin/xaxbot.js` runs it, and as `bot-program.ts` does. */
export const PROGRAMS = {
  main: fileURLToPath(new URL('main.js', folder)),
  hurried: fileURLToPath(new URL('bot-program.js', folder)),
};
const SOURCES = ['../../src/main.ts', './bot-program.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
/** What has compiled parts, and what discord.js asks for and can do without. */
const OUTSIDE = [/^better-sqlite3/, /^@napi-rs/, /^vitest/, 'zlib-sync', 'bufferutil', 'utf-8-validate'];

/**
 * Makes one file of the bot's hundreds, before any test: a process that is started a thousand times then takes a third of
 * the time. Each module still finds its own place, and the programs beside it.
 */
export default async function bundle(): Promise<void> {
  const places = {
    name: 'places',
    transform(code: string, id: string) {
      if (id.includes('node_modules') || !code.includes('import.meta.')) return undefined;
      return code
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)));
    },
  };
  const made = await rolldown({
    input: SOURCES,
    platform: 'node',
    external: OUTSIDE,
    plugins: [places],
    logLevel: 'silent',
  });
  await made.write({ dir: fileURLToPath(folder), format: 'esm' });
  await made.close();
}
