import { join, resolve } from 'node:path';
import { complain, inLine, openPrompt, say } from '../../../adapters/terminal/screen.ts';
import { loadConfig } from '../../config/config.ts';
import { withDotenv } from '../../config/environment.ts';
import { findTeamFile } from '../../config/paths.ts';
import { BotError } from '../../core/errors.ts';
import { shellCommand } from '../../core/shell-command.ts';
import type { Place } from '../place.ts';
import { flagText, type Given } from '../subcommand.ts';
import { createAnswers } from './answers.ts';
import { type Asked, askAll, seenAt } from './ask.ts';
import { withVariables } from './env-file.ts';
import { type Draft, standing, writeDrafts } from './files.ts';
import { nextSteps } from './next-steps.ts';
import { INIT_FLAGS } from './questions.ts';
import { teamText, withMore } from './team-text.ts';

/** `xaxbot init`: asks for the settings, or takes them as flags, and writes them down. Resolves to the exit code. */
export async function init(place: Place, given: Given): Promise<number> {
  const prompt = given.flags.yes ? undefined : openPrompt();
  const { env } = withDotenv(place.env, place.cwd);
  const seen = seenAt(place, env, prompt !== undefined);
  try {
    if (!prompt && !given.flags.yes) {
      tellFlags(seen.usual);
      throw new BotError('init', 'There is no terminal to ask on.', 'Add --yes, or say it by those flags.');
    }
    const answers = createAnswers(given, prompt, complain);
    const asked = await askAll(seen, answers, given, say);
    const drafts = draftsOf(place, asked).filter(({ before, text }) => before !== text);
    if (drafts.length === 0) {
      say('Everything is set up like this already: nothing was written.');
      loadConfig(place);
    } else {
      await mayWrite(drafts, given, answers);
      // What was written is what a start reads.
      const kept = writeDrafts(drafts, () => void loadConfig(place));
      for (const { path } of drafts) say(`Written: ${path}`);
      for (const path of kept) say(`Kept: ${path}, as it was before`);
    }
    say(`\n${nextSteps(loadConfig(place)).join('\n')}`);
    return 0;
  } finally {
    prompt?.close();
  }
}

/** Files that are there are changed by whoever says so only. */
async function mayWrite(
  drafts: readonly Draft[],
  given: Given,
  answers: ReturnType<typeof createAnswers>,
): Promise<void> {
  const changed = drafts.filter(({ before }) => before !== undefined).map(({ path }) => path);
  const words =
    changed.length > 0
      ? `Change ${changed.join(' and ')}, of which a copy is kept?`
      : `Write ${drafts.map(({ path }) => path).join(' and ')}?`;
  if (given.flags.force) return;
  if (await answers.isYes(words, changed.length === 0)) return;
  throw new BotError(
    'init',
    answers.isAsked
      ? 'Nothing was written.'
      : `${changed.join(' and ')} would be changed: nothing was written.`,
    answers.isAsked ? undefined : 'Add --force to change it; a copy of what is there is kept.',
  );
}

/** The two files as they are to be. */
function draftsOf(place: Place, { variables, team }: Asked): Draft[] {
  const dotenv = standing(join(place.cwd, '.env'));
  const yaml = standing(findTeamFile(place.env, place.cwd)?.path ?? resolve(place.cwd, 'xaxbot.yaml'));
  return [
    { ...dotenv, text: withVariables(dotenv.before ?? '', variables) },
    { ...yaml, text: yaml.before === undefined ? teamText(team) : withMore(yaml.before, team) },
  ].filter(({ before, text }) => before !== undefined || text !== '');
}

/** Without a terminal: which flags there are, and what holds without them. */
function tellFlags(usual: Readonly<Record<string, string>>): void {
  complain(`"${shellCommand('init --yes')}" takes what was found; what is to be different is said by:`);
  for (const [name, flag] of Object.entries(INIT_FLAGS)) {
    const found = usual[name];
    complain(`  ${flagText(name, flag).padEnd(28)} ${flag.description}${found ? ` (${inLine(found)})` : ''}`);
  }
  complain('Tokens may also stand in the environment or in .env, where nobody else on this host sees them.');
}
