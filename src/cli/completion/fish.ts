import type { Step, Values } from '../grammar.ts';

/** What fish completes `xaxbot` with. */
export function fishCompletion(steps: readonly Step[]): string {
  const valued = new Set(
    steps.flatMap(({ flags }) => flags.filter(({ takesValue }) => takesValue).map(({ name }) => `--${name}`)),
  );
  const two = steps.filter(({ words }) => words.includes(' ')).map(({ words }) => quoted(words));
  const lines = steps.flatMap(({ words, offers, paths, flags }) => {
    const at = `complete -c xaxbot -n ${quoted(`__xaxbot_at ${quoted(words)}`)}`;
    return [
      ...offers.map(({ text, description }) => `${at} -a ${quoted(text)} -d ${quoted(description)}`),
      ...(paths ? [`${at} ${PATHS[paths]}`] : []),
      ...flags.map(
        ({ name, description, takesValue, values }) =>
          `${at} -l ${name} -d ${quoted(description)}${takesValue ? ` ${spoken(values)}` : ''}`,
      ),
    ];
  });
  return `# Completion of xaxbot for fish: xaxbot completion fish > ~/.config/fish/completions/xaxbot.fish

# Whether these words of the line decide what may follow.
function __xaxbot_at
    set -l step
    set -l key 0
    for word in (commandline -opc)[2..]
        if test $key = 1
            set key 0
        else if contains -- $word ${[...valued].join(' ')}
            set key 1
        else if string match -q -- '-*' $word
            continue
        else if test -z "$step"
            set step $word
        else if contains -- "$step $word" ${two.join(' ')}
            set step "$step $word"
        end
    end
    test "$step" = "$argv[1]"
end

complete -c xaxbot -f
${lines.join('\n')}
`;
}

const PATHS = { files: '-F', folders: '-a "(__fish_complete_directories)"' };

function spoken(values: Values): string {
  if (values === undefined) return '-x';
  if (values === 'files') return '-r -F';
  if (values === 'folders') return '-x -a "(__fish_complete_directories)"';
  return `-x -a ${quoted(values.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
