import type { Step, Values } from '../grammar.ts';

/** What bash completes `xaxbot` with; for bash 3.2 (macOS) too. */
export function bashCompletion(steps: readonly Step[]): string {
  const cases = (each: (step: Step) => string) =>
    steps.map((step) => `    '${step.words}') echo "${each(step)}" ;;`).join('\n');
  const valued = steps.flatMap(({ words, flags }) =>
    flags.filter(({ takesValue }) => takesValue).map(({ name, values }) => ({ words, name, values })),
  );
  return `# Completion of xaxbot for bash: source <(xaxbot completion bash)
# or keep it as ~/.local/share/bash-completion/completions/xaxbot

# What may follow some words of the line.
_xaxbot_offers() {
  case "$1" in
${cases(({ offers, flags }) => [...offers.map(({ text }) => text), ...flags.map(({ name }) => `--${name}`)].join(' '))}
  esac
}

# Whether paths may.
_xaxbot_paths() {
  case "$1" in
${steps.flatMap(({ words, paths }) => (paths ? [`    '${words}') echo ${paths} ;;`] : [])).join('\n')}
  esac
}

# What a flag is followed by: words, paths, or anything; fails for one that takes no value.
_xaxbot_values() {
  case "$1 $2" in
${valued.map(({ words, name, values }) => `    '${words} --${name}') echo "${spoken(values)}" ;;`).join('\n')}
    *) return 1 ;;
  esac
}

_xaxbot() {
  local line=\${COMP_LINE:0:COMP_POINT} step='' key='' values word
  local cur=\${line##*[[:space:]]}
  local -a words
  read -ra words <<< "\${line%"$cur"}"
  for word in "\${words[@]:1}"; do
    if [ -n "$key" ]; then
      key=''
    elif [[ $word == --* ]]; then
      if _xaxbot_values "$step" "$word" > /dev/null; then key=$word; fi
    elif [ -z "$step" ]; then
      step=$word
    elif [[ $step != *' '* && -n $(_xaxbot_offers "$step $word") ]]; then
      step="$step $word"
    fi
  done
  local part=$cur paths='' offers=''
  if [ -z "$key" ] && [[ $cur == --*=* ]]; then
    key=\${cur%%=*}
    part=\${cur#*=}
  fi
  if [ -n "$key" ]; then
    values=$(_xaxbot_values "$step" "$key")
    case "$values" in
      @*) paths=\${values#@} ;;
      *) offers=$values ;;
    esac
  else
    offers=$(_xaxbot_offers "$step")
    paths=$(_xaxbot_paths "$step")
  fi
  COMPREPLY=($(compgen -W "$offers" -- "$part"))
  if [ -n "$paths" ] && [[ $part != -* ]]; then
    local kind=-f
    if [ "$paths" = folders ]; then kind=-d; fi
    local IFS=$'\\n'
    COMPREPLY+=($(compgen $kind -- "$part"))
    compopt -o filenames 2> /dev/null
  fi
  # What stands before an equals sign is a word of its own to readline.
  if [[ $part == *=* && $COMP_WORDBREAKS == *=* ]]; then
    COMPREPLY=("\${COMPREPLY[@]#"\${part%"\${part##*=}"}"}")
  fi
  if [ "\${#COMPREPLY[@]}" -eq 1 ] && [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2> /dev/null; fi
}

complete -F _xaxbot xaxbot
`;
}

function spoken(values: Values): string {
  if (values === undefined) return '';
  return values === 'files' || values === 'folders' ? `@${values}` : values.join(' ');
}
