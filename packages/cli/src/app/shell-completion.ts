import type { CommandClass } from '../command/base-command.js'

/** What can follow a command: its flags, with dashes, and the words of its fixed choices. */
type CompletionModel = ReadonlyMap<string, readonly string[]>

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

/** For the root (an empty name), for each topic, and for each command. */
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

/** Known words before the one that is typed name the command; longer names are tried first. */
const bash = (model: CompletionModel): string => `\
_spec_kitty_words() {
  case "$1" in
${cases(model)}    *) return 1 ;;
  esac
}
_spec_kitty() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  local first="" second=""
  [ "$COMP_CWORD" -gt 1 ] && first="\${COMP_WORDS[1]}"
  [ "$COMP_CWORD" -gt 2 ] && second=" \${COMP_WORDS[2]}"
  words=$(_spec_kitty_words "$first$second" || _spec_kitty_words "$first") || return 0
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _spec_kitty spec-kitty
`

const zsh = (model: CompletionModel): string => `\
#compdef spec-kitty
_spec_kitty_words() {
  case "$1" in
${cases(model)}    *) return 1 ;;
  esac
}
_spec_kitty() {
  local first="" second="" found
  (( CURRENT > 2 )) && first="\${words[2]}"
  (( CURRENT > 3 )) && second=" \${words[3]}"
  found=$(_spec_kitty_words "$first$second" || _spec_kitty_words "$first") || { _files; return; }
  compadd -- \${=found} || _files
}
compdef _spec_kitty spec-kitty
`

const fish = (model: CompletionModel): string => `\
function __spec_kitty_words
  switch "$argv"
${[...model].map(([name, words]) => `    case '${name}'\n      string split ' ' -- '${words.join(' ')}'\n`).join('')}    case '*'
      return 1
  end
end
function __spec_kitty
  set -l typed (commandline -opc)
  __spec_kitty_words $typed[2..3]; or __spec_kitty_words $typed[2]
end
complete -c spec-kitty -a '(__spec_kitty)'
`

const powershell = (model: CompletionModel): string => `\
$SpecKittyWords = @{
${[...model].map(([name, words]) => `  '${name}' = '${words.join(' ')}'\n`).join('')}}
Register-ArgumentCompleter -Native -CommandName spec-kitty -ScriptBlock {
  param($current, $line, $position)
  $typed = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($current -ne '') { $typed = @($typed | Select-Object -SkipLast 1) }
  $name = ($typed | Select-Object -First 2) -join ' '
  if (-not $SpecKittyWords.ContainsKey($name)) { $name = "$($typed | Select-Object -First 1)" }
  "$($SpecKittyWords[$name])".Split(' ') | Where-Object { $_ -like "$current*" }
}
`

/** By the name of the shell, what makes the script that teaches it what can be typed. */
const SCRIPTS: Readonly<Record<string, (model: CompletionModel) => string>> = {
  bash,
  zsh,
  fish,
  powershell,
}

/** The shells that can be taught. */
export const SHELLS: readonly string[] = Object.keys(SCRIPTS)

/** The script for a shell, with every command of these names in it. */
export const completionScript = async (
  shell: string,
  names: readonly string[],
  load: (name: string) => Promise<CommandClass | undefined>,
): Promise<string> => SCRIPTS[shell]?.(await completionModel(names, load)) ?? ''
