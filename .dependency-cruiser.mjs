// Without this parser dependency-cruiser reads no .ts file, finds nothing, and calls it sound.
import '@swc/core';

/**
 * Who may import whom, types included: `npm run rules`. test/rules.test.ts plants a violation of each rule.
 *
 * The rooms of `src`, from the ground up. Each may import the core, its own files, and the rooms that it names, which
 * stand above it in this list; so that no two rooms know each other.
 */
const ROOMS = Object.entries({
  store: [],
  processes: [],
  files: [],
  hosts: ['processes'],
  cards: [],
  metrics: ['processes'],
  diagnosis: [],
  queue: ['processes', 'files', 'hosts', 'metrics'],
  charts: ['processes', 'store'],
  gpus: ['processes', 'queue'],
  identity: ['store'],
  ingest: ['store', 'identity'],
  watch: ['store'],
  feed: ['store'],
  experiments: ['store', 'processes', 'files'],
  notify: ['store', 'cards', 'diagnosis', 'ingest', 'experiments'],
  runs: ['store', 'files', 'experiments', 'notify'],
  launch: ['store', 'cards', 'queue', 'ingest', 'notify'],
  projects: ['files', 'processes', 'queue', 'launch'],
  suggest: ['store', 'experiments', 'launch'],
  digest: ['cards'],
  chat: ['store', 'cards'],
  approvals: ['store', 'cards', 'chat'],
  config: ['processes', 'files', 'queue', 'launch', 'digest'],
  control: ['store', 'cards', 'processes', 'config'],
  'experiment-log-commands': ['queue', 'experiments'],
});
/** The adapters by what they say of themselves: their entries load nothing of a platform. */
const REGISTRY = '^adapters/(registry|kind)\\.ts$';
/** Rooms that iterate the registry; everybody else is handed what they need of it. */
const KNOW_REGISTRY = ['config'];
/** These put the house together: they may import every room. */
const BUILDERS = ['app', 'cli'];

/** Packages of the core: pure functions and data structures, that know no outside. */
const CORE_PACKAGES = ['fastest-levenshtein', 'lru-cache', 'string-width'];

/** What only one place may import, and that place. Everything else asks it. */
const HOMES = {
  'better-sqlite3': '^src/(store/|metrics/sources/mlflow-process\\.ts$)',
  execa: '^src/processes/',
  '@napi-rs/canvas': '^src/charts/draw\\.ts$',
  'chart.js': '^src/charts/',
  'quickchart-js': '^src/charts/',
  'node-cron': '^src/(digest|config)/',
  '@slack/': '^adapters/slack/',
  undici: '^adapters/slack/',
  'discord.js': '^adapters/discord/',
  'discord-api-types': '^adapters/discord/',
  '@modelcontextprotocol/': '^adapters/mcp/',
};

/** Where something begins that no other file imports: programs, and the page that a browser loads. */
const ENTRIES = [
  'src/main.ts',
  'src/charts/draw.ts',
  'src/metrics/settings-process.ts',
  'src/metrics/sources/mlflow-process.ts',
  'src/store/backup-process.ts',
  'src/store/restore-worker.ts',
  'adapters/web/page/app.js',
];

const OURS = '^(src|adapters|commands)/';

for (const [index, [room, known]] of ROOMS.entries()) {
  const above = new Set(ROOMS.slice(0, index).map(([name]) => name));
  const wrong = known.filter((name) => !above.has(name));
  if (wrong.length > 0)
    throw new Error(`${room} may know rooms above it only; below it is ${wrong.join(', ')}.`);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const packagePath = (name) => `node_modules/${escaped(name)}${name.endsWith('/') ? '' : '/'}`;
const entries = `^(${ENTRIES.map(escaped).join('|')})$`;
const src = (rooms) => `^src/(${rooms.map(escaped).join('|')})/`;

const forbidden = [
  {
    name: 'no-circle',
    comment: 'Move what both need to where both may look, or hand it in.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolvable',
    comment: 'An import that leads nowhere, or to a package that package.json does not name.',
    from: { pathNot: '^(adapters/web/page/|test/chaos/texts/draw\\.js$)' },
    to: { couldNotResolve: true },
  },
  {
    name: 'declared-packages',
    comment: 'A package that only another one brings along may be gone with its next version.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'core-knows-nothing',
    comment: 'The core is the vocabulary: it imports nothing else, not by types either.',
    from: { path: '^src/core/' },
    to: { pathNot: ['^src/core/', ...CORE_PACKAGES.map(packagePath)] },
  },
  ...ROOMS.map(([room, known]) => ({
    name: `room-${room}`,
    comment: `src/${room} may import the core${known.length > 0 ? `, and ${known.join(', ')}` : ' only'}.`,
    from: { path: src([room]) },
    to: {
      path: OURS,
      pathNot: [src([room, 'core', ...known]), ...(KNOW_REGISTRY.includes(room) ? [REGISTRY] : [])],
    },
  })),
  {
    name: 'queue-kinds-are-apart',
    comment: 'A kind of queue is one folder: what two kinds need stands beside these folders.',
    from: { path: '^src/queue/([^/]+)/' },
    to: { path: '^src/queue/[^/]+/', pathNot: '^src/queue/$1/' },
  },
  {
    name: 'rooms-are-listed',
    comment: 'A new room takes its place in the list of .dependency-cruiser.mjs, with what it may know.',
    from: { path: '^src/[^/]+/', pathNot: src(['core', ...BUILDERS, ...ROOMS.map(([room]) => room)]) },
    to: {},
  },
  {
    name: 'builders-are-not-known',
    comment: 'What is built knows nothing of how the house is put together.',
    from: { path: OURS, pathNot: `^src/main\\.ts$|${src(BUILDERS)}` },
    to: { path: `^src/main\\.ts$|${src(BUILDERS)}` },
  },
  {
    name: 'cli-is-the-top',
    comment: 'The application is started by the command line, which it does not know.',
    from: { path: '^src/app/' },
    to: { path: '^src/(cli/|main\\.ts$)' },
  },
  {
    name: 'adapters-know-the-core',
    comment: 'An adapter imports the core, its own files and packages; all else is handed to it.',
    from: { path: '^adapters/([^/]+)/' },
    to: {
      path: OURS,
      pathNot: ['^adapters/$1/', '^src/core/', '^adapters/(kind|variables|private-socket)\\.ts$'],
    },
  },
  {
    name: 'entries-are-light',
    comment:
      'What the registry lists is read at every start: the code behind an entry is loaded by its load().',
    from: { path: '^adapters/([^/]+/kind|registry)\\.ts$' },
    to: {
      path: ['^adapters/[^/]+/', 'node_modules/'],
      pathNot: ['^adapters/[^/]+/(kind|settings|protocol|groups)\\.ts$', packagePath('zod')],
      dynamic: false,
    },
  },
  {
    name: 'platforms-are-loaded-when-set-up',
    comment: 'A platform costs memory: its adapter is loaded by its entry, once it is wanted.',
    from: { path: '^(src|commands)/' },
    // The command line is itself a client of these two.
    to: { path: '^adapters/[^/]+/', pathNot: '^adapters/(terminal|mcp)/' },
  },
  {
    name: 'commands-know-core-and-cards',
    comment: 'A command is handed what it may do.',
    from: { path: '^commands/' },
    to: { path: OURS, pathNot: '^(commands|src/core|src/cards)/' },
  },
  ...Object.entries(HOMES).map(([name, home]) => ({
    name: `home-of-${name}`,
    comment: `${name} is imported by ${home} only.`,
    from: { path: OURS, pathNot: home },
    to: { path: packagePath(name) },
  })),
  {
    name: 'only-processes-spawns',
    comment: 'A child process gets its environment, time-out and limits from src/processes.',
    from: { path: OURS, pathNot: '^src/processes/' },
    to: { path: '^(node:)?(child_process|cluster)$', dependencyTypes: ['core'] },
  },
  {
    name: 'csv-is-made-in-experiments',
    comment: 'The form of a log stands once; who keeps or sends lines of it is handed the form.',
    from: { path: OURS, pathNot: '^src/(experiments|experiment-log-commands|app)/' },
    to: { path: '^src/experiments/csv\\.ts$' },
  },
  {
    name: 'tests-are-not-imported',
    comment: 'What runs needs nothing of what tries it.',
    from: { path: '^(src|adapters|commands|bin)/' },
    to: { path: '^(test|bench|gallery|reference|findings)/' },
  },
  {
    name: 'no-dev-dependency',
    comment: 'It is not there where the bot runs.',
    from: { path: '^(src|adapters|commands|bin)/' },
    to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
  },
  {
    name: 'no-orphan',
    comment: 'Nothing that runs imports it: it belongs to whoever does, a test perhaps, or nowhere.',
    from: { path: entries },
    to: { path: OURS, pathNot: [entries, '\\.d\\.ts$'], reachable: false },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    // typescript 7 has no parser to call; this one keeps imports of types.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/(fixtures/|clients/drivers/.*\\.mjs$)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
