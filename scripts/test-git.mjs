// npm run test:git -- GIT [--quick] [WORDS]: runs the tests that use git with this git instead of the one on the PATH.
// --quick leaves out the long ones. WORDS select the files whose path contains one of them.
import { spawnSync } from 'node:child_process'
import { basename, delimiter, dirname, resolve } from 'node:path'
import { top } from './run.mjs'
import { setup } from './setup.mjs'
import { main, Trouble } from './trouble.mjs'

const NAME = process.platform === 'win32' ? 'git.exe' : 'git'

// `record` does not use git; users do not run `scripts` and `proof`.
const LEFT_OUT = ['!record', '!scripts', '!proof']

const QUICK = '--quick'

const SKIPPED = {
  onTestCaseResult: (test) => {
    const { state, note } = test.result()
    if (state === 'skipped' && note) process.stdout.write(`Skipped: ${test.fullName}: ${note}\n`)
  },
}

/** Returns the absolute path of a git. Throws `Trouble` if its file name is not `git`, or `git.exe` on Windows. */
const gitAt = (path) => {
  if (path === undefined)
    throw new Trouble('Missing the path of a git. Use: npm run test:git -- /path/to/git')
  // npm starts this script at the top; INIT_CWD is the caller's folder.
  const git = resolve(process.env.INIT_CWD ?? '', path)
  if (basename(git) === NAME) return git
  throw new Trouble(`The path must end with ${NAME}: ${git}`)
}

const versionOf = (git) => {
  const { status, stdout } = spawnSync(git, ['--version'], { encoding: 'utf8' })
  if (status === 0 && stdout.startsWith('git version ')) return stdout.trim()
  throw new Trouble(`Could not run ${git} as git.`)
}

const test = async (args) => {
  // Imported here because setup() installs Vitest. Vitest sets the exit status.
  const { startVitest } = await import('vitest/node')
  const words = args.filter((arg) => arg !== QUICK)
  const vitest = await startVitest('test', words, {
    root: top,
    watch: false,
    project: LEFT_OUT,
    maxWorkers: '100%',
    reporters: ['minimal', SKIPPED],
    cliExclude: words.length < args.length ? ['**/*.long.test.ts'] : [],
  })
  await vitest.close()
}

const [path, ...args] = process.argv.slice(2)

await main(async () => {
  const git = gitAt(path)
  const version = versionOf(git)
  process.stdout.write(`${version}: ${git}\n`)
  await setup()
  process.env.PATH = [dirname(git), process.env.PATH].join(delimiter)
  // Each test file checks that it gets this git, see internal/test-kit/src/setup.ts.
  process.env.KITTY_TEST_GIT = version
  return test(args)
})
