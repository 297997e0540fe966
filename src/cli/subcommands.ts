import { INIT_FLAGS } from './init/questions.ts';
import type { Subcommand } from './subcommand.ts';
import type { SubcommandName } from './subcommand-names.ts';

/** Every word after `xaxbot` that is no command of the chat, in the order of help. Each is loaded only when it is named. */
export const SUBCOMMANDS: readonly (Subcommand & { name: SubcommandName })[] = [
  {
    name: 'start',
    summary: 'watch the queue and serve the chat',
    about: [
      'Runs until Ctrl+C or SIGTERM. It finds the queue as xax does (XAX_HOME, else ~/.xax), reads xaxbot.yaml and .env where it is started, and prints a link into the chat.',
    ],
    examples: ['xaxbot start', 'xaxbot start --config ~/lab/xaxbot.yaml --data-dir ~/.xaxbot-lab'],
    load: async () => (await import('./start.ts')).start,
  },
  {
    name: 'demo',
    summary: 'the same with a simulated queue, in a temporary folder',
    about: ['Nothing that it shows is a real job. What it made is removed when it ends.'],
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'init',
    summary: 'write .env and xaxbot.yaml, by questions or flags',
    about: [
      'It looks for the queue, for modules that launch a task of xax (by reading their source: nothing is imported), and for the Python of their project. Enter takes what it proposes; --yes takes all of it, and of code what is in the folder that it is run in, unless --project names others. Files that are there keep what they say: what is new is added.',
      'Without a terminal, tokens are best given in the environment: others on this host can read the flags of a running program.',
    ],
    flags: INIT_FLAGS,
    examples: [
      'xaxbot init',
      'xaxbot init --yes --project ~/project',
      'xaxbot init --yes --web-port off --presets none',
    ],
    load: async () => (await import('./init/index.ts')).init,
  },
  {
    name: 'doctor',
    summary: 'check every prerequisite, and say what mends what is missing',
    about: [
      'Looks at Node, the data folder and its database, the queue, its Python and observer, the presets, the settings, each platform, and the host. Nothing is posted, changed or listened on. The exit code is 1 when something fails.',
    ],
    flags: {
      json: { description: 'print what was found as JSON' },
      offline: { description: 'ask nobody outside of this host' },
    },
    examples: ['xaxbot doctor', 'xaxbot doctor --offline --json'],
    load: async () => (await import('./doctor/index.ts')).doctor,
  },
  {
    name: 'mcp',
    summary: 'the commands as tools for a coding agent (docs/agents.md)',
    about: [
      'Serves the Model Context Protocol on standard input and output. What the agent may not do on its own waits for a person.',
    ],
    flags: {
      as: {
        description: 'which agent of xaxbot.yaml; needed where there are several',
        value: { name: 'AGENT' },
      },
    },
    examples: ['xaxbot mcp --as claude --config ~/lab/xaxbot.yaml'],
    load: async () => (await import('./mcp.ts')).mcp,
  },
  {
    name: 'run',
    summary: 'what the bot reads in a folder that a training writes to',
    about: [
      'Event files in any layout, tables, JSON and JSON lines, Trainer states, MLflow, sacred, dvclive and W&B offline files: which are there, the curves, settings, progress and objective that they give, and what is doubtful. Nothing is run or imported, and no bot is needed. The exit code is 1 where there are no metrics.',
    ],
    words: [{ name: 'FOLDER', description: 'where the training writes', required: true, from: 'folders' }],
    flags: {
      raw: { description: 'each series as it stands in each file: nothing superseded, nothing left out' },
      json: { description: 'print what was found as JSON' },
    },
    examples: ['xaxbot run ~/project/lightning_logs', 'xaxbot run ~/project/output --raw --json'],
    load: async () => (await import('./run-folder.ts')).runFolder,
  },
  {
    name: 'web-link',
    summary: 'a new link to the web chat; works once, for ten minutes',
    words: [{ name: 'PERSON', description: 'a person of xaxbot.yaml (default: the only one)' }],
    examples: ['xaxbot web-link ada'],
    load: async () => (await import('./web-link.ts')).webLink,
  },
  {
    name: 'service',
    summary: 'the bot as a service of your own systemd (docs/configuration.md)',
    about: [
      "Started in the folder of .env and xaxbot.yaml, or with --config. The service gets PATH, the proxy and xaxbot's own variables of the shell that install is called in; where they change, install again.",
    ],
    actions: {
      install: {
        summary:
          'write the unit, start it, and start it at each login; again after an upgrade or a change of the shell',
        flags: {
          'dry-run': { description: 'only say what would be written and called' },
          linger: { description: 'keep it running without anybody logged in, also after a reboot' },
          env: {
            description: 'further variables of this shell that it needs, with commas between them',
            value: { name: 'NAMES' },
          },
        },
      },
      uninstall: {
        summary: 'stop it and take it away; the data stays',
        flags: { 'dry-run': { description: 'only say what would be removed and called' } },
      },
      status: { summary: 'whether it runs, and what the bot has to say of its health' },
      logs: {
        summary: 'what it has logged',
        flags: {
          follow: { description: 'and what comes, until Ctrl+C' },
          lines: { description: 'so many of the last lines; 100 by default', value: { name: 'NUMBER' } },
          since: {
            description: 'a time as journalctl takes it, such as "1 hour ago"',
            value: { name: 'TIME' },
          },
        },
      },
    },
    flags: {
      name: { description: 'of several bots, which; the unit is then xaxbot-NAME', value: { name: 'NAME' } },
    },
    examples: [
      'xaxbot service install --dry-run',
      'xaxbot service install --linger',
      'xaxbot service logs --follow',
    ],
    load: async () => (await import('./service/index.ts')).service,
  },
  {
    name: 'restore',
    summary: 'go back to a backup of the database, or list them (docs/data.md)',
    about: ['No bot may be running. The database that is replaced is kept beside it.'],
    words: [{ name: 'FILE', description: 'a backup, as the list names it, or its path', from: 'files' }],
    examples: ['xaxbot restore', 'xaxbot restore xaxbot.sqlite.v17-20261130T011205Z'],
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'completion',
    summary: 'what a shell completes a line with',
    about: [
      'Say it to the shell at its start: the first example in ~/.bashrc, the second in ~/.zshrc after compinit.',
    ],
    actions: {
      bash: { summary: 'for bash' },
      zsh: { summary: 'for zsh' },
      fish: { summary: 'for fish' },
    },
    examples: [
      'source <(xaxbot completion bash)',
      'source <(xaxbot completion zsh)',
      'xaxbot completion fish > ~/.config/fish/completions/xaxbot.fish',
    ],
    async load() {
      const { completion } = await import('./completion/index.ts');
      return async (_place, given) => completion(given, SUBCOMMANDS);
    },
  },
];

/** The subcommand of a name. */
export function subcommandNamed(name: string | undefined): Subcommand | undefined {
  return SUBCOMMANDS.find((each) => each.name === name);
}
