import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder, withShim } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { findAddition } from '../../src/ledger/find-addition.js'

/** A history that adds the files `0`, `1`, …, one in each commit. Returns its commits, the oldest first. */
const lineOf = async (length: number) => {
  const repository = await newRepository()
  const commits = Array.from(
    { length },
    (_, number) =>
      `commit refs/kitty/line\ncommitter A <a@example.org> 1700000000 +0000\ndata 0\nM 100644 inline day/${number}\ndata 1\nx\n`,
  )
  await repository.gitWith({ input: commits.join('') }, 'fast-import', '--quiet')
  const list = await repository.git('rev-list', '--reverse', 'refs/kitty/line')
  return { repository, commits: list.split('\n') }
}

describe('the commit that added a file to a ledger', () => {
  it.each([1, 2, 3, 40])('is found in a line of %i commits', async (length) => {
    const { repository, commits } = await lineOf(length)
    const tip = commits.at(-1) ?? ''
    for (const [number, commit] of commits.entries()) {
      expect(await findAddition(repository.path, `day/${number}`, tip)).toBe(commit)
    }
  })

  it('is found with few git processes in a long line', async () => {
    const { repository, commits } = await lineOf(600)
    const tip = commits.at(-1) ?? ''
    const log = join(await tempFolder(), 'log')
    for (const number of [0, 1, 234, 598, 599]) {
      const find = () => findAddition(repository.path, `day/${number}`, tip)
      expect(await withShim(`printf x >> '${log}'`, find)).toBe(commits[number])
    }
    expect((await readFile(log, 'utf8')).length).toBeLessThan(5 * 7)
  })
})
