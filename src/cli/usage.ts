import { COMMANDS } from '../../commands/index.ts';

/** What is printed for no subcommand, and for --help. */
export const USAGE = `xaxbot: an xax training queue in the team's chat

  xaxbot start               watch the queue and serve the chat
  xaxbot demo                the same with a simulated queue, in a temporary folder
  xaxbot doctor              check the set-up and say what is missing
  xaxbot mcp [--as AGENT]    the commands as tools for a coding agent (docs/agents.md)
  xaxbot web-link PERSON     a new link to the web chat; works once, for ten minutes
  xaxbot restore [FILE]      go back to a backup of the database, or list them (docs/data.md)
  xaxbot session start · log sync · log upsert · report --experiment-name NAME
                             on the log's own files, as the monitor's scripts (docs/experiment-log.md)
  xaxbot COMMAND …           one command, through the running bot or without it
                             (--json prints its data, --yes confirms)

Each takes --config FILE and --data-dir FOLDER in the place of XAXBOT_CONFIG and XAXBOT_DATA_DIR; with --config it runs as
if it was started in that file's folder. The demo keeps its data in its temporary folder in any case.

Commands: ${COMMANDS.map(({ name }) => name).join(', ')}. "xaxbot help COMMAND" says more.`;
