import {
  type Arg,
  type Completed,
  type CompletionModel,
  type Flag,
  runners,
  type Values,
} from './model.js'

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Text within the brackets or the colons of a specification for _arguments. */
const plain = (text: string): string => text.replaceAll(/[\\[\]:]/g, '\\$&')

const actionOf = (values: Values, name: string): string => {
  switch (values.kind) {
    case 'words':
      return `(${values.words.join(' ')})`
    case 'ids':
      return `_${name}_ids ${values.of}`
    case 'files':
      return '_files'
    case 'folders':
      return '_files -/'
    default:
      return ' '
  }
}

const flagSpec = ({ long, short, summary, multiple, takes }: Flag, name: string): string => {
  const text = `[${plain(summary)}]`
  const label = long.slice(2)
  const value = takes ? `:${label}:${actionOf(takes, name)}` : ''
  const equals = takes ? '=' : ''
  const star = multiple ? '*' : ''
  if (short === undefined) return quoted(`${star}${long}${equals}${text}${value}`)
  const plus = takes ? '+' : ''
  return `'(${short} ${long})'{${short}${plus},${long}${equals}}${quoted(`${text}${value}`)}`
}

const argSpec = ({ label, multiple, takes }: Arg, name: string): string =>
  quoted(`${multiple ? '*' : ''}:${plain(label)}:${actionOf(takes, name)}`)

const arm = ({ typed, flags, args, next }: Completed, name: string): string => {
  const specs = [
    ...flags.map((flag) => flagSpec(flag, name)),
    ...args.map((arg) => argSpec(arg, name)),
  ]
  if (next.length === 0)
    return `    ${quoted(typed)})\n      _arguments -S \\\n        ${specs.join(' \\\n        ')} ;;\n`
  const list = next.map(({ word, summary }) => quoted(`${plain(word)}:${summary}`))
  const rest = `'1:command:_${name}_next' '*::argument:->next'`
  return `    ${quoted(typed)})
      kitty_next=(
        ${list.join('\n        ')}
      )
      _arguments -C -S -A '-*' \\
        ${[...specs, rest].join(' \\\n        ')} && return
      [[ $state == next ]] || return 1
      [[ -n $kitty_root ]] || kitty_root=\${opt_args[--root]}
      kitty_command="\${kitty_command:+$kitty_command }$words[1]"
      _${name}_at ;;
`
}

/** Runs in zsh 5 and newer, sourced or from a folder of `fpath`. */
export const zsh = (model: CompletionModel): string => {
  const { bin, name, completed } = model
  return `\
#compdef ${bin}

_${name}_next() { _describe -t commands command kitty_next }

# Offers ids, newest first, with a description.
_${name}_ids() {
  local -a lines ids descriptions
  local folder=\${kitty_root:-\${opt_args[--root]}}
  # It is quoted as it was typed, and _arguments has escaped its backslashes.
  folder=\${(Q)\${(Q)folder}}
  lines=("\${(@f)$(command ${bin} completion zsh --ids=$@[-1] \${folder:+--root=\${folder/#\\~\\//$HOME/}} 2>/dev/null </dev/null)}")
  lines=(\${lines:#})
  ids=("\${(@)lines%%$'\\t'*}")
  descriptions=("\${(@)lines/$'\\t'/  }")
  local -a expl
  _wanted -V ids expl id compadd -l -d descriptions -a ids
}

# Completes the words after a command.
_${name}_at() {
  local curcontext=$curcontext state line
  local -a kitty_next
  local -A opt_args
  case $kitty_command in
    ${runners(model).map(quoted).join('|')})
      local dashes=\${words[(i)--]}
      if (( dashes < CURRENT )); then
        words=("\${(@)words[dashes+1,-1]}")
        (( CURRENT -= dashes ))
        _normal
        return
      fi ;;
  esac
  case $kitty_command in
${completed.map((each) => arm(each, name)).join('')}    *) _files ;;
  esac
}

_${name}() {
  local kitty_command='' kitty_root=''
  _${name}_at
}

# From a folder of fpath, this file is the function itself.
if [[ $funcstack[1] == ${quoted(`_${bin}`)} ]]; then
  _${name} "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _${name} ${bin}
fi
`
}
