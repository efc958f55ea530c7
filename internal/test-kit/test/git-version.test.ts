import { expect, test } from 'vitest'
import { gitVersion, isGitOlder, requireGivenGit } from '../src/git-version.js'

test.each([
  ['git version 2.30.2', '2.32', true],
  ['git version 2.32.0.windows.1', '2.32', false],
  ['git version 2.100.1', '2.32', false],
  ['git version 1.99.0', '2.32', true],
])('%s, older than %s: %s', (version, than, isOlder) => {
  expect(isGitOlder(than, version)).toBe(isOlder)
})

test('the git that is used is the one that is given, or no test runs', () => {
  expect(() => requireGivenGit(gitVersion())).not.toThrow()
  expect(() => requireGivenGit('git version 1.0')).toThrow(`git version 1.0; ${gitVersion()} is`)
})
