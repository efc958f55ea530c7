// npm run test:git -- GIT [WORDS]: the tests that use git, with this git instead of the one on the PATH. With
// words, only the files whose path holds one of them.
import { spawnSync } from 'node:child_process'
import { basename, delimiter, dirname, resolve } from 'node:path'
import { top } from './run.mjs'
import { setup } from './setup.mjs'
import { main, Trouble } from './trouble.mjs'

const NAME = process.platform === 'win32' ? 'git.exe' : 'git'

// Records have nothing to do with git; scripts and proof are not what a user runs.
const LEFT_OUT = ['!record', '!scripts', '!proof']

const SKIPPED = {
  onTestCaseResult: (test) => {
    const { state, note } = test.result()
    if (state === 'skipped' && note) process.stdout.write(`Skipped: ${test.fullName}: ${note}\n`)
  },
}

/** The whole path of a git that has the name by which it is looked for. */
const gitAt = (path) => {
  if (path === undefined) throw new Trouble('Name a git: npm run test:git -- /path/to/git')
  // npm starts this at the top, wherever the person stands.
  const git = resolve(process.env.INIT_CWD ?? '', path)
  if (basename(git) === NAME) return git
  throw new Trouble(`A path that ends with ${NAME} is needed; this is ${git}.`)
}

const versionOf = (git) => {
  const { status, stdout } = spawnSync(git, ['--version'], { encoding: 'utf8' })
  if (status === 0 && stdout.startsWith('git version ')) return stdout.trim()
  throw new Trouble(`${git} is not a git that runs here.`)
}

const test = async (words) => {
  // Vitest may just have been installed. It sets the exit status.
  const { startVitest } = await import('vitest/node')
  const reporters = ['minimal', SKIPPED]
  const options = { root: top, watch: false, project: LEFT_OUT, maxWorkers: '100%', reporters }
  const vitest = await startVitest('test', words, options)
  await vitest.close()
}

const [path, ...words] = process.argv.slice(2)

await main(async () => {
  const git = gitAt(path)
  const version = versionOf(git)
  process.stdout.write(`${version}: ${git}\n`)
  await setup()
  process.env.PATH = [dirname(git), process.env.PATH].join(delimiter)
  // Each test file looks whether it has this git, see internal/test-kit/src/setup.ts.
  process.env.KITTY_TEST_GIT = version
  return test(words)
})
