import { BotError } from './errors.ts';
import { shellCommand } from './shell-command.ts';

/** What is so where nothing can be launched, in words. */
export const NO_PRESET = 'No preset is declared yet, so nothing can be queued from chat.';

/** How presets are made, in words; `init` finds what a project's own files launch. */
export function howToDeclare(): string {
  return `On the bot's host run "${shellCommand('init --project FOLDER')}" with the folder of your training code: it writes what it finds there into xaxbot.yaml.`;
}

/** The refusal of whatever needs a preset where there is none. */
export function noPreset(): BotError {
  return new BotError('unknown-preset', NO_PRESET, howToDeclare());
}
