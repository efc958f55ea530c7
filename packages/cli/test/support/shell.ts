import { spawn, spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/** Whether a program for the tests is on this machine. */
export const hasProgram = (name: string): boolean =>
  spawnSync(name, ['--version']).error === undefined

/** The result of a press of the tab key. */
export type Tabbed = {
  /** The line to the left of the cursor, and what is to its right. */
  readonly line: string
  readonly right: string
  /** Everything that the terminal printed. */
  readonly shown: string
}

/** An interactive shell in a pseudo-terminal. */
export type Shell = {
  /** Runs a command. */
  run(command: string): Promise<string>
  /** Types a line, and presses the tab key, with the cursor before `right`. */
  tab(left: string, right?: string): Promise<Tabbed>
  end(): Promise<void>
}

const SET_UP = {
  bash: `
PS1= PS2=
bind 'set show-all-if-ambiguous on' 'set page-completions off' 'set completion-query-items 0' 'set bell-style none' 'set enable-bracketed-paste off' 2>/dev/null
for setting in 'show-all-if-ambiguous on' 'page-completions off' 'completion-query-items 0' 'bell-style none' 'enable-bracketed-paste off'; do bind "set $setting"; done
__shown() { printf 'LINE<%s|%s>' "\${READLINE_LINE:0:READLINE_POINT}" "\${READLINE_LINE:READLINE_POINT}"; READLINE_LINE=''; READLINE_POINT=0; }
bind -x '"\\C-g": __shown'
`,
  zsh: `
PS1= PS2= LISTMAX=10000 PROMPT_EOL_MARK=
unsetopt beep prompt_sp
autoload -Uz compinit && compinit -D -u
__shown() { print -rn -- "LINE<$LBUFFER|$RBUFFER>"; BUFFER='' }
zle -N __shown
bindkey '^G' __shown
bindkey '^I' complete-word
bindkey '^A' beginning-of-line '^B' backward-char
`,
} as const

const START = {
  bash: 'bash --noprofile --norc -i',
  zsh: 'zsh -f -i',
} as const

const LEFT = '\u0002'

/** Starts a shell, and sets it up so that its answers can be read. */
export const startShell = async (
  name: keyof typeof START,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Shell> => {
  const child = spawn('script', ['-qfec', `stty cols 200 rows 60; exec ${START[name]}`, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm', COLUMNS: '200', INPUTRC: '/dev/null' },
  })
  let printed = ''
  let wake = (): void => {}
  child.stdout.on('data', (part: Buffer) => {
    printed += part.toString()
    wake()
  })
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const plain = stripVTControlCharacters(printed)
      const found = pattern.exec(plain)
      if (found) {
        printed = ''
        return found
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  let number = 0
  const run = async (command: string): Promise<string> => {
    number += 1
    child.stdin.write(`${command}\nprintf 'DONE<%s>' ${number}\n`)
    const [all] = await until(new RegExp(`^[^]*DONE<${number}>`))
    return all
  }
  await run(SET_UP[name].trim())
  return {
    run,
    tab: async (left, right = '') => {
      child.stdin.write(`${left}${right}${LEFT.repeat([...right].length)}\t\u0007`)
      const [shown, line = '', rest = ''] = await until(/^[^]*LINE<([^]*)\|([^]*)>/)
      return { line, right: rest, shown }
    },
    end: async () => {
      child.stdin.end()
      child.kill()
    },
  }
}
