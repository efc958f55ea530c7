import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const script = file('scripts/test-git.mjs')
const name = process.platform === 'win32' ? 'git.exe' : 'git'
const nowhere = join(process.cwd(), 'nowhere', name)

test.each([
  [[], 'Missing the path of a git. Use: npm run test:git -- /path/to/git'],
  [[process.execPath], `The path must end with ${name}: ${process.execPath}`],
  [[nowhere], `Could not run ${nowhere} as git.`],
])('%j is refused before anything runs', (args, why) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: `${why}\n` })
})

test('the workflow tests the oldest supported git, and docs/promises.md names the versions that it tests', () => {
  const [, oldest] =
    /OLDEST_GIT = "(.+?)"/.exec(readFileSync(file('docs/api/git-commit.md'), 'utf8')) ?? []
  const gits: readonly string[] = parse(readFileSync(file('.github/workflows/ci.yml'), 'utf8')).jobs
    .git.strategy.matrix.git
  expect(gits[0]).toMatch(new RegExp(`^${oldest}\\.\\d+$`))
  const limit = /- git .*/.exec(readFileSync(file('docs/promises.md'), 'utf8'))?.[0]
  expect(limit?.match(/\d+\.\d+\.\d+/g)).toEqual(gits)
  for (const text of [limit, readFileSync(file('README.md'), 'utf8')]) {
    expect(text).toContain(`git ${oldest} or newer`)
  }
})
