import type { Step, Values } from '../grammar.ts';

/** What zsh completes `xaxbot` with. */
export function zshCompletion(steps: readonly Step[]): string {
  const entry = (text: string, description: string) =>
    `'${text.replaceAll(':', '\\:')}:${description.replaceAll("'", "'\\''")}'`;
  const offers = steps.map(({ words, offers, flags }) => {
    const all = [
      ...offers.map(({ text, description }) => entry(text, description)),
      ...flags.map(({ name, description }) => entry(`--${name}`, description)),
    ];
    return `    '${words}') offers=(${all.join(' ')}) ;;`;
  });
  const paths = steps.flatMap(({ words, paths }) => (paths ? [`    '${words}') paths=${paths} ;;`] : []));
  const values = steps.flatMap(({ words, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .map(({ name, values }) => `    '${words} --${name}') ${spoken(values)} ;;`),
  );
  return `#compdef xaxbot
# Completion of xaxbot for zsh: source <(xaxbot completion zsh)
# or keep it as _xaxbot in a folder of $fpath

# Sets what may follow some words of the line; fails where they begin no line.
_xaxbot_step() {
  offers=() paths=
  case "$1" in
${offers.join('\n')}
    *) return 1 ;;
  esac
  case "$1" in
${paths.join('\n')}
  esac
  return 0
}

# Sets what a flag is followed by; fails for one that takes no value.
_xaxbot_value() {
  offers=() paths=
  case "$1 $2" in
${values.join('\n')}
    *) return 1 ;;
  esac
  return 0
}

_xaxbot() {
  local step='' key='' word paths
  local -a offers
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $key ]]; then
      key=''
    elif [[ $word == --* ]]; then
      if _xaxbot_value "$step" "$word"; then key=$word; fi
    elif [[ -z $step ]]; then
      step=$word
    elif [[ $step != *' '* ]] && _xaxbot_step "$step $word"; then
      step="$step $word"
    fi
  done
  if [[ -z $key && $PREFIX == --*=* ]]; then
    key=\${PREFIX%%=*}
    compset -P '*='
  fi
  if [[ -n $key ]]; then
    _xaxbot_value "$step" "$key"
  else
    _xaxbot_step "$step"
  fi
  local -a plain opened
  plain=("\${(@)offers:#*=:*}")
  opened=("\${(@M)offers:#*=:*}")
  (( $#plain )) && _describe -t words xaxbot plain
  (( $#opened )) && _describe -t settings xaxbot opened -S ''
  case $paths in
    files) _files ;;
    folders) _files -/ ;;
  esac
}

if [[ $funcstack[1] == _xaxbot ]]; then _xaxbot "$@"; else compdef _xaxbot xaxbot; fi
`;
}

function spoken(values: Values): string {
  if (values === undefined) return ':';
  return values === 'files' || values === 'folders' ? `paths=${values}` : `offers=(${values.join(' ')})`;
}
