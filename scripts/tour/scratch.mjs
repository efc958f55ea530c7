import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../packages/cli/bin/run.js', import.meta.url))

const run = (file, args, cwd, env) => {
  const { error, status, stdout, stderr } = spawnSync(file, args, { cwd, env, encoding: 'utf8' })
  if (error) throw new Error(`Could not start ${file}: ${error.message}`)
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`)
  return stdout + stderr
}

// Leave out variables of a calling hook or shell, which can point git at another repository.
const plain = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(GIT_|SPEC_KITTY_)/.test(name)),
)

/** Runs git. Returns its output. */
export const git = (root, args) => run('git', args, root, plain)

/** Runs spec-kitty. Returns its output. */
export const kitty = (root, args) => run(process.execPath, [program, ...args], root, plain)

/** Makes a repository with a commit, and a file with a staged and an unstaged change. Returns its path. */
export const scratchRepository = () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'spec-kitty-tour-')))
  const file = join(root, 'login.md')
  const lines = (first, last) => `${first}\n\nIn between.\n\nMore.\n\nEven more.\n\n${last}\n`
  git(root, ['init', '--quiet'])
  git(root, ['symbolic-ref', 'HEAD', 'refs/heads/work'])
  for (const [name, value] of [
    ['user.name', 'You'],
    ['user.email', 'you@example.org'],
    ['commit.gpgSign', 'false'],
  ]) {
    git(root, ['config', name, value])
  }
  writeFileSync(file, lines('# Login', 'The end.'))
  git(root, ['add', '.'])
  git(root, ['commit', '--quiet', '-m', 'Describe the login'])
  writeFileSync(file, lines('# How to log in', 'The end.'))
  git(root, ['add', '.'])
  writeFileSync(file, lines('# How to log in', 'That is all.'))
  return root
}
