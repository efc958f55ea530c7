import { spawn, spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/** The result of pressing the tab key. */
type Tabbed = {
  /** The line to the left of the cursor, and to its right. */
  readonly left: string
  readonly right: string
  /** Everything that the terminal printed. */
  readonly shown: string
}

/** An interactive shell in a pseudo-terminal. */
export type Shell = {
  /** Runs a command. Returns what was printed. */
  run(command: string): Promise<string>
  /** Types a line, moves the cursor before `right`, and presses the tab key. */
  tab(left: string, right?: string): Promise<Tabbed>
  end(): void
}

/** How to start each shell without settings of a user, and the commands that make its answers readable. */
const SHELLS = {
  bash: {
    start: 'bash --noprofile --norc -i',
    setUp: `
PS1= PS2=
for it in 'show-all-if-ambiguous on' 'page-completions off' 'bell-style none' 'enable-bracketed-paste off'; do bind "set $it"; done
shown() { printf 'LINE<%s|%s>' "\${READLINE_LINE:0:READLINE_POINT}" "\${READLINE_LINE:READLINE_POINT}"; READLINE_LINE=; }
bind -x '"\\C-g": shown'`,
  },
  zsh: {
    start: 'zsh -f -i',
    setUp: `
PS1= PS2= LISTMAX=10000 PROMPT_EOL_MARK=
unsetopt beep list_beep prompt_sp list_ambiguous
bindkey -e
shown() { print -rn -- "LINE<$LBUFFER|$RBUFFER>"; BUFFER= }
zle -N shown
bindkey '^G' shown
bindkey '^I' complete-word`,
  },
  fish: {
    start: 'fish --no-config -i',
    setUp: `
function fish_prompt; end
set -g fish_autosuggestion_enabled 0
set -g fish_complete_path $__fish_data_dir/completions
function shown
  set -l at (commandline -C)
  set -l line (commandline -b)
  printf 'LINE<%s|%s>' (string sub -l $at -- $line) (string sub -s (math $at + 1) -- $line)
  commandline ''
end
bind \\cg shown`,
  },
} as const

export type ShellName = keyof typeof SHELLS

/** Whether a shell can be tested: it is installed, and so is `script`, which makes a pseudo-terminal. */
export const canTest = (name: ShellName): boolean =>
  process.platform === 'linux' &&
  [name, 'script'].every((program) => spawnSync(program, ['--version']).status === 0)

const CURSOR_LEFT = '\u0002'
const TAB_AND_SHOW = '\t\u0007'

/** Starts an interactive shell. */
export const startShell = async (
  name: ShellName,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Shell> => {
  const { start, setUp } = SHELLS[name]
  const child = spawn('script', ['-qfec', `stty cols 200 rows 60; exec ${start}`, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm', INPUTRC: '/dev/null' },
  })
  let printed = ''
  let wake: () => void = () => undefined
  child.stdout.on('data', (part: Buffer) => {
    printed += part.toString()
    wake()
  })
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(stripVTControlCharacters(printed))
      if (found) {
        printed = ''
        return found
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  let runs = 0
  const run = async (command: string): Promise<string> => {
    runs += 1
    child.stdin.write(`${command}\nprintf 'DONE<%s>' ${runs}\n`)
    const [all] = await until(new RegExp(`^.*DONE<${runs}>`, 's'))
    return all
  }
  await run(setUp.trim())
  return {
    run,
    tab: async (typed, after = '') => {
      child.stdin.write(`${typed}${after}${CURSOR_LEFT.repeat(after.length)}${TAB_AND_SHOW}`)
      const [shown, left = '', right = ''] = await until(/^.*LINE<(.*)\|(.*)>/s)
      return { left, right, shown }
    },
    end: () => void child.kill(),
  }
}
