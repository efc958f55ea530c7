import { spawnSync } from 'node:child_process'

const parts = (text: string): number[] => text.split('.').map(Number)

/** What the git on the PATH says of itself: `git version 2.39.5`. Empty where there is none. */
export const gitVersion = (): string =>
  spawnSync('git', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''

/** Whether the git that the tests use is older than a version such as `2.32`. */
export const isGitOlder = (than: string, version = gitVersion()): boolean => {
  const [[major = 0, minor = 0], [thanMajor = 0, thanMinor = 0]] = [
    parts(/\d+\.\d+/.exec(version)?.[0] ?? '0'),
    parts(than),
  ]
  return major < thanMajor || (major === thanMajor && minor < thanMinor)
}

/** Throws where the tests are to use a given git, and another one answers. */
export const requireGivenGit = (): void => {
  const given = process.env.KITTY_TEST_GIT
  if (given === undefined) return
  const found = gitVersion()
  if (found === given) return
  throw new Error(`The tests are to use ${given}; ${found || 'no git'} is on the PATH.`)
}
