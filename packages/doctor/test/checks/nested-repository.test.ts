import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { closedOp, request, storeAt } from '../support/store.js'

/** A repository in which `kitty-ops` is a submodule. */
const withSubmodule = async () => {
  const inner = await newRepository()
  const repository = await newRepository()
  const add = ['submodule', '--quiet', 'add', inner.path, 'kitty-ops']
  await repository.git('-c', 'protocol.file.allow=always', ...add)
  await repository.git('commit', '--quiet', '-m', 'A submodule')
  return repository
}

const FOUND = { id: 'nested-repository', severity: 'error', path: 'kitty-ops', fixable: false }

describe('kitty-ops as a submodule', () => {
  it('takes no Op, and leaves nothing behind', async () => {
    const repository = await withSubmodule()
    const ops = await storeAt(repository.path)
    await expect(ops.start(request)).rejects.toMatchObject({ code: 'NESTED_REPOSITORY' })
    expect(await repository.git('status', '--porcelain', '--ignored')).toBe('')
    expect(await ops.list()).toEqual([])
    const { findings, unchecked } = await doctorOps({ ops })
    expect(findings).toMatchObject([FOUND, { id: 'stray-file', path: 'kitty-ops/README.md' }])
    expect(unchecked).toEqual([])
  })

  it('that is not checked out: the Op stays pending, and the doctor says why', async () => {
    const repository = await withSubmodule()
    const clone = await tempFolder()
    await repository.git('clone', '--quiet', repository.path, clone)
    await repositoryAt(clone).git('config', 'user.name', 'Ursula')
    await repositoryAt(clone).git('config', 'user.email', 'ursula@example.org')
    const ops = await storeAt(clone)
    const { id } = await ops.start(request)
    const { commit } = await ops.complete(id, { outcome: 'done' })
    expect(commit).toMatchObject({ status: 'failed', code: 'NESTED_REPOSITORY' })
    const { findings, unchecked } = await doctorOps({ ops })
    expect(findings).toMatchObject([FOUND, { id: 'uncommitted', invocation_id: id }])
    expect(unchecked).toEqual([])
  })

  it('evidence in a submodule is refused before the Op is closed', async () => {
    const inner = await newRepository()
    const repository = await newRepository()
    const add = ['submodule', '--quiet', 'add', inner.path, '.kittify']
    await repository.git('-c', 'protocol.file.allow=always', ...add)
    await repository.git('commit', '--quiet', '-m', 'A submodule')
    await writeFile(join(repository.path, 'proof.txt'), 'x\n')
    const ops = await storeAt(repository.path)
    const { id } = await ops.start(request)
    const closing = { outcome: 'done', evidence: 'proof.txt' } as const
    await expect(ops.complete(id, closing)).rejects.toMatchObject({ code: 'NESTED_REPOSITORY' })
    expect(await ops.list({ status: 'open' })).toMatchObject([{ invocation_id: id }])
    expect((await ops.complete(id, { outcome: 'done' })).commit.status).toBe('committed')
  })

  it('a repository inside the folder of records is left alone', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository.path)
    await closedOp(ops)
    await repository.git('init', '--quiet', '--template=', 'kitty-ops')
    await closedOp(ops)
    expect((await doctorOps({ ops })).findings).toEqual([])
  })
})
