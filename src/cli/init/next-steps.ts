import type { Config } from '../../config/config.ts';
import { NO_PRESET } from '../../core/no-preset.ts';
import { shellCommand } from '../../core/shell-command.ts';

/** What is left to do, for each platform. */
export function nextSteps({ adapters, presets }: Config): string[] {
  const platforms = [...adapters.values()].flatMap(({ kind: { title, setUp }, settings }) =>
    setUp ? [`  ${title}: ${settings === null ? setUp.next.off : setUp.next.on}`] : [],
  );
  const [doctor, start] = [shellCommand('doctor'), shellCommand('start')];
  const wide = Math.max(doctor.length, start.length);
  return [
    'Next:',
    `  ${doctor.padEnd(wide)}   checks all of it`,
    `  ${start.padEnd(wide)}   watches the queue and serves the chat`,
    ...(presets.length === 0 ? [`  ${NO_PRESET} Run "${shellCommand('init --project FOLDER')}".`] : []),
    '',
    ...platforms,
  ];
}
