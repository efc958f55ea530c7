import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { gitProgram } from '../../src/git/program.js'
import { gitHealth } from '../../src/inspect.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { withEnv } from '../support/with-env.js'

const NAMES = ['git', 'git.exe', 'git.com', 'git.cmd']

/** A repository with programs named like git, at its top and in a folder. */
const withPrograms = async () => {
  const repository = await newRepository()
  for (const name of NAMES.flatMap((name) => [name, `bin/${name}`])) {
    await repository.write(name, '#!/bin/sh\n: > "$0.ran"\n')
    await chmod(join(repository.path, name), 0o755)
  }
  return {
    repository,
    ran: () =>
      NAMES.flatMap((name) => [name, `bin/${name}`]).some((name) =>
        existsSync(join(repository.path, `${name}.ran`)),
      ),
  }
}

describe('git', () => {
  it('is resolved to an absolute path', () => {
    expect(isAbsolute(gitProgram() ?? '')).toBe(true)
  })

  it.each(['bin', './bin', '.', ''])('is not looked for in %j of a repository', async (folder) => {
    const { repository, ran } = await withPrograms()
    const ops = await storeAt(repository)
    const PATH = `${folder}${delimiter}${process.env.PATH}`
    expect(answerOf(await withEnv({ PATH }, () => closeOne(ops)))).toBe('committed')
    expect(await withEnv({ PATH: folder }, () => gitHealth(repository.path))).toEqual({
      state: 'missing',
    })
    expect(answerOf(await withEnv({ PATH: folder }, () => closeOne(ops)))).toBe('GIT_NOT_STARTED')
    expect(ran()).toBe(false)
  })

  it('is found again once the PATH contains it again', async () => {
    const first = gitProgram()
    expect(await withEnv({ PATH: '' }, async () => gitProgram())).toBeUndefined()
    expect(gitProgram()).toBe(first)
  })
})
