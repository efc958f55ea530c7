import { afterEach, expect, test, vi } from 'vitest'
import { gitVersion, isGitOlder } from '../src/git-version.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

test.each([
  ['git version 2.30.2', '2.32', true],
  ['git version 2.32.0.windows.1', '2.32', false],
  ['git version 2.100.1', '2.32', false],
  ['git version 1.99.0', '2.32', true],
  ['', '2.32', true],
])('"%s" is older than %s: %s', (version, than, isOlder) => {
  expect(isGitOlder(than, version)).toBe(isOlder)
})

const setUp = (given: string) => {
  vi.stubEnv('KITTY_TEST_GIT', given)
  vi.resetModules()
  return import('../src/setup.js')
}

test('no test runs if the git on the PATH is not the given one', async () => {
  await expect(setUp('git version 1.0')).rejects.toThrow(`git version 1.0, but ${gitVersion()} is`)
  vi.stubEnv('PATH', '')
  await expect(setUp('git version 1.0')).rejects.toThrow('no git is on the PATH')
})
