/** How help lists the commands: what belongs together, in the order of a day's work. */
export const GROUPS: readonly { title: string; names: readonly string[] }[] = [
  { title: 'The queue', names: ['status', 'jobs', 'queue', 'retry', 'move', 'cancel', 'kill', 'week'] },
  { title: 'Runs', names: ['job', 'logs', 'metrics', 'compare', 'diff', 'tensorboard', 'note', 'notes'] },
  {
    title: 'Experiments',
    names: [
      'session',
      'plan',
      'experiment',
      'hypothesis',
      'verdict',
      'verdicts',
      'suggest',
      'sweep',
      'dismiss',
      'dismissed',
      'scoreboard',
      'digest',
      'report',
      'export',
    ],
  },
  { title: 'Watching', names: ['watch', 'subscribe'] },
  { title: 'The host', names: ['gpus', 'observer', 'health'] },
  { title: 'Coding agents', names: ['proposals', 'approve', 'deny'] },
  { title: 'You and the chat', names: ['help', 'link', 'withdraw', 'redact'] },
];
