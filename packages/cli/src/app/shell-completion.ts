import type { CommandClass } from '../command/base-command.js'
import type { ProgramName } from '../command/program.js'

/** What can follow each command: its flags, with dashes, and the values that it takes. */
type CompletionModel = ReadonlyMap<string, readonly string[]>

/** What a script is made of: the words of each command, the program, and a name for its functions. */
type Script = { readonly model: CompletionModel; readonly bin: string; readonly name: string }

const nextWords = (names: readonly string[], prefix: string): string[] => {
  const start = prefix === '' ? '' : `${prefix} `
  const longer = names.filter((name) => name.startsWith(start))
  return [...new Set(longer.map((name) => name.slice(start.length).split(' ')[0] ?? ''))]
}

const wordsOf = (command: CommandClass | undefined): string[] => {
  const choices = Object.values(command?.args ?? {}).flatMap(({ options = [] }) => options)
  const flags = Object.keys({ ...command?.flags, ...command?.baseFlags })
  return [...choices, ...flags.map((flag) => `--${flag}`)]
}

/** The words for the program itself (an empty name), each topic, and each command. */
const completionModel = async (
  names: readonly string[],
  load: (name: string) => Promise<CommandClass | undefined>,
): Promise<CompletionModel> => {
  const model = new Map<string, readonly string[]>([['', nextWords(names, '')]])
  for (const name of names) {
    const [topic = ''] = name.split(' ')
    if (topic !== name) model.set(topic, nextWords(names, topic))
    model.set(name, wordsOf(await load(name)))
  }
  return model
}

const cases = (model: CompletionModel): string =>
  [...model].map(([name, words]) => `    '${name}') echo '${words.join(' ')}' ;;\n`).join('')

/** The words before the current one select the command. Longer names are tried first. */
const bash = ({ model, bin, name }: Script): string => `\
_${name}_words() {
  case "$1" in
${cases(model)}    *) return 1 ;;
  esac
}
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  local first="" second=""
  [ "$COMP_CWORD" -gt 1 ] && first="\${COMP_WORDS[1]}"
  [ "$COMP_CWORD" -gt 2 ] && second=" \${COMP_WORDS[2]}"
  words=$(_${name}_words "$first$second" || _${name}_words "$first") || return 0
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${bin}
`

const zsh = ({ model, bin, name }: Script): string => `\
#compdef ${bin}
_${name}_words() {
  case "$1" in
${cases(model)}    *) return 1 ;;
  esac
}
_${name}() {
  local first="" second="" found
  (( CURRENT > 2 )) && first="\${words[2]}"
  (( CURRENT > 3 )) && second=" \${words[3]}"
  found=$(_${name}_words "$first$second" || _${name}_words "$first") || { _files; return; }
  compadd -- \${=found} || _files
}
compdef _${name} ${bin}
`

const fish = ({ model, bin, name }: Script): string => `\
function __${name}_words
  switch "$argv"
${[...model].map(([name, words]) => `    case '${name}'\n      string split ' ' -- '${words.join(' ')}'\n`).join('')}    case '*'
      return 1
  end
end
function __${name}
  set -l typed (commandline -opc)
  __${name}_words $typed[2..3]; or __${name}_words $typed[2]
end
complete -c ${bin} -a '(__${name})'
`

const powershell = ({ model, bin, name }: Script): string => `\
$${name}_words = @{
${[...model].map(([name, words]) => `  '${name}' = '${words.join(' ')}'\n`).join('')}}
Register-ArgumentCompleter -Native -CommandName ${bin} -ScriptBlock {
  param($current, $line, $position)
  $typed = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($current -ne '') { $typed = @($typed | Select-Object -SkipLast 1) }
  $name = ($typed | Select-Object -First 2) -join ' '
  if (-not $${name}_words.ContainsKey($name)) { $name = "$($typed | Select-Object -First 1)" }
  "$($${name}_words[$name])".Split(' ') | Where-Object { $_ -like "$current*" }
}
`

/** Makes the script for each shell. */
const SCRIPTS: Readonly<Record<string, (script: Script) => string>> = {
  bash,
  zsh,
  fish,
  powershell,
}

/** The shells that have a script. */
export const SHELLS: readonly string[] = Object.keys(SCRIPTS)

/** The commands to complete, by name, and how to load one. */
type Commands = {
  readonly names: readonly string[]
  readonly load: (name: string) => Promise<CommandClass | undefined>
}

/** The script that makes a shell complete the commands of a program. Empty for an unknown shell. */
export const completionScript = async (
  shell: string,
  { bin }: ProgramName,
  { names, load }: Commands,
): Promise<string> => {
  const model = await completionModel(names, load)
  return SCRIPTS[shell]?.({ model, bin, name: bin.replace(/\W/g, '_') }) ?? ''
}
