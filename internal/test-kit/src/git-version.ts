import { spawnSync } from 'node:child_process'

const parts = (text: string): number[] => text.split('.').map(Number)

/** Returns the version of the git on the PATH, as in `git version 2.39.5`. Returns an empty string if there is no git. */
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

/** Throws if `KITTY_TEST_GIT` is set and differs from the version of the git on the PATH. */
export const requireGivenGit = (): void => {
  const given = process.env.KITTY_TEST_GIT
  if (given === undefined) return
  const found = gitVersion()
  if (found === given) return
  throw new Error(`The tests must use ${given}, but ${found || 'no git'} is on the PATH.`)
}
