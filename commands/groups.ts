/** How help lists the commands: what belongs together, in the order of a day's work. Any other group comes after these. */
export const GROUPS: readonly string[] = [
  'The queue',
  'Runs',
  'Experiments',
  'Watching',
  'The host',
  'Coding agents',
  'You and the chat',
];

/** The group of a command that names none. */
export const OTHERS = 'Others';
