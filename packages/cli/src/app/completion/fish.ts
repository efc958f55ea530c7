import { type CompletionModel, type Flag, runners, type Values, valuedFlags } from './model.js'

/** In single quotes, fish interprets only a backslash and a single quote. */
const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`

const valuesOf = (values: Values, name: string): string => {
  switch (values.kind) {
    case 'words':
      return `-xa ${quoted(values.words.join(' '))}`
    case 'ids':
      return `-kxa '(__${name}_ids ${values.of})'`
    case 'files':
      return '-rF'
    case 'folders':
      return "-xa '(__fish_complete_directories)'"
    default:
      return '-x'
  }
}

const flagLine = ({ long, short, summary, takes }: Flag, name: string): string =>
  [
    short && `-s ${short.slice(1)}`,
    `-l ${long.slice(2)}`,
    `-d ${quoted(summary)}`,
    takes && valuesOf(takes, name),
  ]
    .filter(Boolean)
    .join(' ')

/** Runs in fish 3 and newer. */
export const fish = (model: CompletionModel): string => {
  const { bin, name, completed } = model
  const topics = completed.filter(({ next }) => next.length > 0).map(({ typed }) => typed)
  const lines = completed.flatMap(({ typed, flags, args, next }) => {
    const at = (place = '') =>
      `complete -c ${bin} -n ${quoted(`__${name}_at ${quoted(typed)} ${place}`.trim())}`
    return [
      ...flags.map((flag) => `${at()} ${flagLine(flag, name)}`),
      ...args.map(
        ({ takes, multiple }, place) =>
          `${multiple ? at() : at(String(place))} ${valuesOf(takes, name)}`,
      ),
      ...next.map(({ word, summary }) => `${at()} -a ${quoted(word)} -d ${quoted(summary)}`),
    ]
  })
  return `\
# Whether a command was typed, and, if a number is given, as many arguments after it.
function __${name}_at
  set -l words
  set -l skip 0
  for word in (commandline -opc)[2..]
    if test $skip = 1
      set skip 0
    else if test "$word" = --
      return 1
    else if contains -- "$word" ${valuedFlags(model).join(' ')}
      set skip 1
    else if not string match -q -- '-*' "$word"
      set -a words $word
    end
  end
  set -l command
  while set -q words[1]; and contains -- "$command" '' ${topics.filter(Boolean).map(quoted).join(' ')}
    set command (string trim -- "$command $words[1]")
    set -e words[1]
  end
  test "$command" = "$argv[1]"; or return 1
  not set -q argv[2]; or test (count $words) = $argv[2]
end

# Lists ids with a description.
function __${name}_ids
  command -q ${bin}; or return
  set -l root
  set -l previous
  for word in (commandline -opc)
    if test "$previous" = --root
      set root --root=(string replace -r '^~(?=/|$)' -- $HOME $word)
    else if string match -q -- '--root=*' $word
      set root $word
    end
    set previous $word
  end
  command ${bin} completion fish --ids=$argv[1] $root 2>/dev/null </dev/null
end

# Whether the cursor is in the command after --.
function __${name}_runs
  set -l typed (commandline -opc)
  contains -- -- $typed; and string match -qr -- ${quoted(`(^| )(${runners(model).join('|')}) `)} "$typed"
end

function __${name}_command
  set -l typed (commandline -opc)
  set -l first (math (contains -i -- -- $typed) + 1)
  complete -C "$(string join -- ' ' (string escape -- $typed[$first..]) (commandline -ct))"
end

complete -c ${bin} -e
complete -c ${bin} -f
complete -c ${bin} -n '__${name}_runs' -xa '(__${name}_command)'
${lines.join('\n')}
`
}
