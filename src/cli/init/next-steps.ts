import type { Config } from '../../config/config.ts';

/** What is left to do, for each platform. */
export function nextSteps({ adapters, presets }: Config): string[] {
  const platforms = [...adapters.values()].flatMap(({ kind: { title, setUp }, settings }) =>
    setUp ? [`  ${title}: ${settings === null ? setUp.next.off : setUp.next.on}`] : [],
  );
  return [
    'Next:',
    '  xaxbot doctor   checks all of it',
    '  xaxbot start    watches the queue and serves the chat',
    ...(presets.length === 0
      ? [
          '  No preset is declared, so nothing can be launched from chat yet: run "xaxbot init --project FOLDER".',
        ]
      : []),
    '',
    ...platforms,
  ];
}
