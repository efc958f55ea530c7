// Makes a repository with a person's work in every state, which an Op must not touch.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { excludePathOf } from '@kitty/writer/internals'

// Do not depend on the machine's git configuration.
Object.assign(process.env, {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
})

/** Runs git. Returns its standard output. Throws if git fails. */
export const git = (root, ...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** Runs git. Returns its exit status and all of its output. */
export const tryGit = (root, ...args) => {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}

const SETTINGS = {
  'user.name': 'Prover',
  'user.email': 'prover@example.org',
  'gc.auto': '0',
  'maintenance.auto': 'false',
}

/** The git directory that all work trees of a repository share. */
export const commonDirOf = (root) =>
  git(root, 'rev-parse', '--path-format=absolute', '--git-common-dir').trim()

/** Rules of a person in `info/exclude`, without a line feed at the end. */
const OWN_RULES = '# Mine\n*.own\n/kitty-ops/mine\\ .jsonl'

/** Configures a repository. */
export const setUp = (root) => {
  for (const [name, value] of Object.entries(SETTINGS)) git(root, 'config', name, value)
}

/** Makes a repository on the branch `work`, with one commit. */
export const newRepository = (root) => {
  mkdirSync(root, { recursive: true })
  git(root, 'init', '--quiet', '--initial-branch=work')
  setUp(root)
  const names = ['staged', 'half', 'unstaged', 'stashed', 'plain']
  for (const name of names) writeFileSync(join(root, `${name}.txt`), `${name}\n`)
  git(root, 'add', '.')
  git(root, 'commit', '--quiet', '-m', 'Begin')
  writeFileSync(excludePathOf(join(root, '.git')), OWN_RULES)
}

const HOOKS = [
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'reference-transaction',
  'post-index-change',
]

const hookMark = (root) => join(commonDirOf(root), 'hooks-ran')

/** Installs hooks of a person, which note that they ran. */
export const installHooks = (root) => {
  const folder = join(commonDirOf(root), 'hooks')
  mkdirSync(folder, { recursive: true })
  for (const name of HOOKS) {
    const script = `#!/bin/sh\necho ${name} >> '${hookMark(root)}'\n`
    writeFileSync(join(folder, name), script, { mode: 0o755 })
  }
}

/** Returns the names of the hooks that ran. */
export const hooksThatRan = (root) =>
  existsSync(hookMark(root))
    ? [...new Set(readFileSync(hookMark(root), 'utf8').trim().split('\n'))]
    : []

/** Leaves a person's work staged, half staged, unstaged, untracked and stashed. */
export const leaveWork = (root) => {
  const write = (name, text) => writeFileSync(join(root, `${name}.txt`), text)
  write('stashed', 'put away\n')
  git(root, 'stash', '--quiet')
  write('staged', 'staged\nmore\n')
  write('half', 'half\nstaged\n')
  git(root, 'add', 'staged.txt', 'half.txt')
  write('half', 'half\nstaged\nand more\n')
  write('unstaged', 'unstaged\nmore\n')
  write('untracked', 'untracked\n')
}

/** Returns all of that work as text, which is equal if nothing has changed. */
export const workOf = (root) => {
  const own = ['.', ':(exclude)kitty-ops', ':(exclude).kittify']
  return [
    git(root, 'ls-files', '--stage', '-v', '--', ...own),
    git(root, '-c', 'core.hooksPath=', '--no-optional-locks', 'diff', '--binary', '--', ...own),
    git(root, 'ls-files', '--others', '--', ...own),
    git(root, 'stash', 'list', '--format=%H'),
  ].join('\n--\n')
}
