/** What a command may be followed by for its line to be no sentence: a job, a number, `key=value`, a tag. */
const ARGUMENT = /^(?:\d+|job-\d+|last|running|#[\w-]+|[\w./-]+=\S+)$/;

/** The command that words to everybody are, as they would be typed; null where they are words. */
export function commandIn(words, commands) {
  const line = words.trim().toLowerCase();
  const name = commands
    .filter((each) => line === each || line.startsWith(`${each} `))
    .toSorted((a, b) => b.length - a.length)[0];
  if (name === undefined) return null;
  const rest = words
    .trim()
    .slice(name.length)
    .split(/\s+/)
    .filter((word) => word !== '');
  return rest.every((word) => ARGUMENT.test(word)) ? `/xax ${[name, ...rest].join(' ')}` : null;
}
