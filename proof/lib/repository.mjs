// A repository with work of a person in every state, which no Op may touch.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// The machine's own git configuration would prove something else than yours.
Object.assign(process.env, {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
})

/** Runs git, and gives what it printed. Throws where git says no. */
export const git = (root, ...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** The same, with its exit status and all of its words. */
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

/** A new repository on the branch `work`, with one commit. */
export const newRepository = (root) => {
  mkdirSync(root, { recursive: true })
  git(root, 'init', '--quiet', '--initial-branch=work')
  for (const [name, value] of Object.entries(SETTINGS)) git(root, 'config', name, value)
  const names = ['staged', 'half', 'unstaged', 'stashed', 'plain']
  for (const name of names) writeFileSync(join(root, `${name}.txt`), `${name}\n`)
  git(root, 'add', '.')
  git(root, 'commit', '--quiet', '-m', 'Begin')
}

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

/** All of that work, as text that is equal where nothing of it has changed. */
export const workOf = (root) => {
  const own = ['.', ':(exclude)kitty-ops', ':(exclude).kittify']
  return [
    git(root, 'ls-files', '--stage', '-v', '--', ...own),
    git(root, '--no-optional-locks', 'diff', '--binary', '--', ...own),
    git(root, 'ls-files', '--others', '--', ...own),
    git(root, 'stash', 'list', '--format=%H'),
  ].join('\n--\n')
}
