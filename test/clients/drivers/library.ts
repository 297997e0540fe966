import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentedStart, snippetsOf } from '../snippets.ts';
import type { Driver, Kit } from './driver.ts';

const NODE_24 = join(import.meta.dirname, '../../../bin/node24.js');

/** A program beside this file. It runs from a client's home, where the documented snippet is the module `snippet`. */
export function python(name: string): Driver {
  return (kit) => {
    copyFileSync(join(import.meta.dirname, 'plain.py'), join(kit.home, 'plain.py'));
    // Under this name: a file `langchain.py` would be taken for the package.
    copyFileSync(join(import.meta.dirname, `${name}.py`), join(kit.home, 'driver.py'));
    writeFileSync(join(kit.home, 'snippet.py'), snippet('Python', kit));
    return { command: join(kit.installed, 'venv/bin/python'), args: [join(kit.home, 'driver.py')] };
  };
}

/** The same in JavaScript, where a module finds packages beside itself only: it runs from where they are installed. */
export function javascript(name: string): Driver {
  return (kit) => {
    for (const file of ['plain.mjs', `${name}.mjs`])
      copyFileSync(join(import.meta.dirname, file), join(kit.installed, file));
    const code = snippet('JavaScript', kit).replace(/^const xaxbot\b/m, 'export $&');
    writeFileSync(join(kit.installed, 'snippet.mjs'), code);
    return { command: process.execPath, args: [NODE_24, join(kit.installed, `${name}.mjs`)] };
  };
}

const snippet = (language: string, { heading, xaxbot }: Kit): string =>
  [language, heading].flatMap((each) => snippetsOf(each, xaxbot)).join('\n');

/** The Inspector's command line, on the documented `mcp.json`. */
export const inspector: Driver = (kit) => {
  const start = javascript('inspector')(kit);
  writeFileSync(
    join(kit.home, 'mcp.json'),
    JSON.stringify({ mcpServers: { xaxbot: documentedStart(kit.xaxbot) } }),
  );
  return start;
};
