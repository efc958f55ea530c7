import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, relative } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { builtProgram } from './built.js'
import { plainVariables } from './in-process.js'

const GIT =
  'add|am|cat-file|check-ignore|checkout|checkout-index|clean|commit|config|diff|fetch|fsck|log|ls-files|merge|mv|push|rebase|reset|restore|rm|show|sparse-checkout|stash|status|switch|update-index|worktree'

/** The end of a command in a sentence. */
const END = String.raw`[.,;:)]+(?:\s|$)|\s+[(\[]|\s+then |\s+and git `

const QUOTED = String.raw`\$?'[^']*'|\\.|"[^"]*"`

const BEGINNING = new RegExp(
  String.raw`\b(?:spec-kitty(?= )|git (?:-C (?:${QUOTED}|\S)+ )?(?:${GIT})\b)`,
  'g',
)

const MEANT = new RegExp(`^(?:${QUOTED}|(?!${END}).)*`, 's')

/** A command in a text: as it is meant, and with the rest of its line, which a user can paste by mistake. */
export type Printed = { readonly meant: string; readonly line: string }

/** The commands in a text. The id of a check at the end of a line is not part of one. */
export const commandsIn = (text: string): Printed[] =>
  text.split('\n').flatMap((whole) => {
    const line = whole.replace(/ \[[a-z-]+\]$/, '').trimEnd()
    return [...line.matchAll(BEGINNING)].map(({ index }) => {
      const rest = line.slice(index)
      return { meant: MEANT.exec(rest)?.[0] ?? '', line: rest }
    })
  })

/** Every text in a document. */
export const textsIn = (json: unknown): string[] => {
  if (typeof json === 'string') return [json]
  if (typeof json !== 'object' || json === null) return []
  return Object.values(json).flatMap(textsIn)
}

/** The commands that findings in a document have for their reader. */
export const findingCommandsIn = (json: unknown): string[] => {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    name === 'commands' && Array.isArray(value)
      ? value.filter((each) => typeof each === 'string')
      : findingCommandsIn(value),
  )
}

/** A `PATH` on which a program of this name runs a line of sh. */
const pathWith = async (name: string, line: string): Promise<string> => {
  const folder = await tempFolder()
  const program = join(folder, name)
  await writeFile(program, `#!/bin/sh\n${line}\n`)
  await chmod(program, 0o755)
  return `${folder}${delimiter}${process.env.PATH}`
}

/** A `PATH` on which a program of this name runs a module. */
export const pathOfModule = (name: string, module: string): Promise<string> =>
  pathWith(name, `exec '${process.execPath}' '${module}' "$@"`)

/** A `PATH` on which `spec-kitty` is the built program, or one that does nothing. */
export const pathOfProgram = (does: 'all' | 'nothing'): Promise<string> =>
  does === 'all' ? pathOfModule('spec-kitty', builtProgram()[1]) : pathWith('spec-kitty', ':')

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !/(?:^|\/)\.git(?:\/|$)/.test(path))

/** The outcome or state of each Op with a readable record, by id. */
const outcomesIn = (root: string): ReadonlyMap<string, string> =>
  new Map(
    filesBelow(root)
      .filter((path) => path.endsWith('.jsonl'))
      .flatMap((path) => {
        try {
          const { status, invocation_id, completed } = parseOpRecord(readFileSync(join(root, path)))
          const outcome = completed?.outcome ?? status
          return invocation_id === undefined ? [] : [[invocation_id, outcome] as const]
        } catch {
          return []
        }
      }),
  )

/** The result of pasting a command into a shell. */
export type Pasted = {
  readonly command: string
  readonly status: number | null
  readonly stderr: string
  /** New files, except those of Ops. */
  readonly strays: readonly string[]
  /** The outcomes of the Ops that it closed. */
  readonly closed: readonly string[]
  /** The number of new open Ops. */
  readonly opened: number
  /** Whether a file of the user changed, on disk or in the index. */
  readonly touched: boolean
  /** Whether anything changed in the current folder: a file, the index, a branch. */
  readonly changed: boolean
}

const OP_FILES = /(?:^|\/)(?:kitty-ops|\.kittify)(?:\/|$)/

const usersWork = (root: string, env: NodeJS.ProcessEnv): string => {
  const { stdout } = spawnSync('git', ['diff', '--cached', '--', 'users.txt'], { cwd: root, env })
  return `${readFileSync(join(root, 'users.txt'), 'utf8')}${stdout}`
}

const REFS = ['for-each-ref', '--format=%(refname) %(objectname) %(symref)']

/** Everything that a command could change in a repository. */
const stateOf = (root: string, env: NodeJS.ProcessEnv): string => {
  const asked = [REFS, ['symbolic-ref', 'HEAD'], ['ls-files', '--stage'], ['config', '--list']]
  const answers = asked.map((args) => spawnSync('git', args, { cwd: root, env }).stdout.toString())
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/^\.git(?:\/|$)/.test(relative(root, path)))
  return [...answers, ...files.map((path) => `${path}\n${readFileSync(path)}`)].join('\n')
}

const CACHE = join(tmpdir(), 'kitty-test-cache')

/** Pastes a command into a shell, in a copy of the folder that contains `root`, with the copy of `root` as the current folder. */
export const paste = async (
  command: string,
  { shell, root, path }: { readonly shell: string; readonly root: string; readonly path: string },
): Promise<Pasted> => {
  const folder = dirname(root)
  const copy = await tempFolder()
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  const here = join(copy, basename(root))
  // What programs keep in the home folder of a user would count as harm: the logs of npm, our compiled code.
  const kept = { npm_config_cache: join(tmpdir(), 'kitty-test-npm'), XDG_CACHE_HOME: CACHE }
  const none = { GIT_EDITOR: ':', PROFILE: '' }
  const env = { ...plainVariables(), HOME: copy, ...kept, ...none, PATH: path }
  const [files, outcomes, users] = [filesBelow(copy), outcomesIn(here), usersWork(here, env)]
  const state = stateOf(here, env)
  const typed = command.replaceAll(folder, copy)
  const { status, stderr } = spawnSync(shell, ['-c', typed], {
    cwd: here,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 60_000,
  })
  const now = outcomesIn(here)
  const changed = [...now].filter(
    ([id, outcome]) => outcome !== 'open' && outcomes.get(id) === 'open',
  )
  return {
    command,
    status,
    stderr,
    strays: filesBelow(copy).filter((file) => !files.includes(file) && !OP_FILES.test(file)),
    closed: changed.map(([, outcome]) => outcome),
    opened: [...now].filter(([id, outcome]) => outcome === 'open' && !outcomes.has(id)).length,
    touched: usersWork(here, env) !== users,
    changed: stateOf(here, env) !== state,
  }
}
