import { type CompletionModel, runners, valuedFlags } from './model.js'
import { completionTable } from './table.js'

const cases = (model: CompletionModel): string =>
  [...completionTable(model)]
    .map(([spec, keys]) => {
      const pattern = keys.map((key) => `'${key}'`).join('|')
      return `    ${pattern})\n      found='${spec}' ;;\n`
    })
    .join('')

/** Runs in bash 3.2 and newer, without the package bash-completion. Bash itself completes files and folders. */
export const bash = (model: CompletionModel): string => {
  const { bin, name } = model
  return `\
_${name}_find() {
  case "$1" in
${cases(model)}    *) return 1 ;;
  esac
}

# Completes the command that begins at a word as its own completion does.
_${name}_delegate() {
  local first="$1" offset="$4" function
  if declare -F _comp_command_offset >/dev/null; then _comp_command_offset "$first"; return; fi
  if declare -F _command_offset >/dev/null; then _command_offset "$first"; return; fi
  if ((first == COMP_CWORD)); then
    while IFS= read -r function; do COMPREPLY+=("$function"); done < <(compgen -c -- "$2")
    return
  fi
  function=$(complete -p -- "\${COMP_WORDS[first]##*/}" 2>/dev/null) || return
  case "$function" in *' -F '*) function=\${function#* -F } ;; *) return ;; esac
  COMP_LINE="\${COMP_LINE:offset}"
  COMP_POINT=$((COMP_POINT - offset))
  COMP_WORDS=("\${COMP_WORDS[@]:first}")
  COMP_CWORD=$((COMP_CWORD - first))
  "\${function%% *}" "\${COMP_WORDS[0]}" "$2" "$3"
}

_${name}() {
  local IFS=$' \\t\\n' words=() starts=() offsets=() rest="\${COMP_LINE:0:COMP_POINT}" i word
  COMPREPLY=()
  # Bash splits words at "=" and ":" too. A word ends at a space.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if ((i == 0)) || [[ "$rest" == [[:space:]]* ]]; then
      words+=("")
      starts+=("$i")
      rest="\${rest#"\${rest%%[![:space:]]*}"}"
      offsets+=($((COMP_POINT - \${#rest})))
    fi
    word="\${COMP_WORDS[i]}"
    ((i == COMP_CWORD)) && word="$rest"
    words[\${#words[@]}-1]+="$word"
    rest="\${rest#"$word"}"
  done

  local last=$((\${#words[@]} - 1)) command="" flag="" count=0 root=() found=""
  for ((i = 1; i < last; i++)); do
    word="\${words[i]}"
    if [[ -n "$flag" ]]; then
      [[ "$flag" == --root ]] && root=("$word")
      flag=""
      continue
    fi
    case "$word" in
      --)
        case "$command" in
          ${runners(model)
            .map((typed) => `'${typed}'`)
            .join(
              '|',
            )}) _${name}_delegate "\${starts[i + 1]}" "$2" "$3" "\${offsets[i + 1]}"; return ;;
        esac ;;
      --root=*) root=("\${word#*=}") ;;
      ${valuedFlags(model).join('|')}) flag="$word" ;;
      -*) ;;
      *)
        if _${name}_find "\${command:+$command }$word"; then command="\${command:+$command }$word"
        else count=$((count + 1))
        fi ;;
    esac
  done

  local value="\${words[last]}"
  if [[ -z "$flag" && "$value" == --*=* ]]; then
    flag="\${value%%=*}"
    value="\${value#*=}"
  fi
  value="\${value#[\\"\\']}"
  if [[ -n "$flag" ]]; then _${name}_find "$command $flag" || found=text
  elif [[ "$value" == -* ]]; then _${name}_find "$command -"
  else _${name}_find "$command $count" || _${name}_find "$command +" || ((count > 0)) || _${name}_find "$command"
  fi

  case "$found" in
    files) return ;;
    folders) compopt -o dirnames +o default 2>/dev/null; return ;;
  esac
  compopt +o default 2>/dev/null
  case "$found" in
    ids*)
      compopt -o nosort 2>/dev/null
      if ((\${#root[@]})); then
        read root <<< "\${root[0]//[\\"\\']/}"
        root=(--root="\${root/#~\\//$HOME/}")
      fi
      found="words $(command ${bin} completion bash --ids="\${found#ids }" "\${root[@]}" 2>/dev/null </dev/null |
        while read -r word rest; do echo "$word"; done)" ;;
  esac
  # Bash replaces only the part of the word after the last "=" or ":".
  local kept="" added=""
  if [[ "$value" == *"$2" ]]; then kept="\${value%"$2"}"; else added="\${2%"$value"}"; fi
  for word in \${found#words}; do
    [[ "$found" == words* && "$word" == "$value"* ]] && COMPREPLY+=("$added\${word#"$kept"}")
  done
}

complete -o default -F _${name} ${bin}
`
}
