import { join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';

/** Beside src/ in the package: one place for all chunks. */
export const BUNDLE = 'bundle';
/** What has compiled parts or looks for files of its own, and what only one adapter loads, with all that it brings along. */
const OUTSIDE =
  /^(node:|better-sqlite3|@napi-rs\/|chart\.js|@fontsource\/|htm|pino|undici|@slack\/|discord\.js|@discordjs\/|discord-api-types|@modelcontextprotocol\/)/;

/**
 * Makes a few files of the hundreds that a package has in src/, adapters/ and commands/, with the libraries that are loaded at each start:
 * Node then takes two thirds of the time to begin, and keeps less of their text in memory. Each module still finds its own place and what
 * lies beside it. Functions keep their names, for whoever reads a trace.
 */
export async function bundle(dist: string): Promise<void> {
  const places = {
    name: 'places',
    transform(code: string, id: string) {
      if (id.includes('node_modules') || !code.includes('import.meta.url')) return undefined;
      const own = `../${relative(dist, id).split(sep).join('/')}`;
      return code.replaceAll('import.meta.url', `new URL(${JSON.stringify(own)}, import.meta.url).href`);
    },
  };
  const made = await rolldown({
    input: { main: join(dist, 'src', 'main.js') },
    platform: 'node',
    external: OUTSIDE,
    plugins: [places],
  });
  await made.write({
    dir: join(dist, BUNDLE),
    format: 'esm',
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await made.close();
}
