import { chownSync } from 'node:fs'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { writeLoose } from '../../src/objects/loose.js'
import { gitObject } from '../../src/objects/object.js'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, startOne, storeAt } from '../support/ops.js'
import { asOrdinaryUser } from '../support/ordinary-user.js'
import { expectOnce } from '../support/store.js'

const packsIn = async (path: string): Promise<number> =>
  (await readdir(join(path, '.git', 'objects', 'pack'))).filter((name) => name.endsWith('.pack'))
    .length

describe('the objects of many Ops at once', () => {
  it.each([
    ['sha1', 20, 0],
    ['sha1', 40, 1],
    ['sha256', 40, 1],
  ] as const)('%s, %i Ops: whole, and in %i packs', async (objectFormat, count, packs) => {
    const repository = await newRepository({ objectFormat })
    const ops = await storeAt(repository)
    const started = await Promise.all(Array.from({ length: count }, () => startOne(ops)))
    const ids = started.map((op) => op.id)
    await Promise.all(ids.map((id) => ops.complete(id, { outcome: 'done' })))
    await expectOnce(repository, ids)
    expect(await packsIn(repository.path)).toBe(packs)
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('a record of a mebibyte is committed to the byte', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const request_text = 'ü'.repeat(500_000)
    const { id } = await ops.start({ profile_id: 'p', action: 'a', request_text })
    const closed = await ops.complete(id, { outcome: 'done' })
    await expectCommitted(repository, ops, closed)
  })
})

describe.skipIf(process.getuid?.() !== 0)('an object that another user owns', () => {
  it('counts as stored, and causes no error', async () => {
    const repository = await newRepository()
    const object = gitObject('blob', Buffer.from('shared\n'), 'sha1')
    const commonDir = join(repository.path, '.git')
    const file = join(commonDir, 'objects', object.id.slice(0, 2), object.id.slice(2))
    await writeLoose(commonDir, object, 'process')
    await asOrdinaryUser(repository.path, async () => {
      const user = process.geteuid?.() ?? 0
      process.seteuid?.(0)
      chownSync(file, 0, 0)
      process.seteuid?.(user)
      await writeLoose(commonDir, object, 'power')
    })
    expect(await repository.git('cat-file', 'blob', object.id)).toBe('shared')
  })
})

describe('the objects that HEAD builds on', () => {
  it('can be in packs', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    await closeOne(ops)
    await repository.git('gc', '--quiet', '--prune=now')
    await repository.git('pack-refs', '--all')
    await expectCommitted(repository, ops, await closeOne(ops))
  })

  it('can be replaced by another commit', async () => {
    const repository = await newRepository()
    await repository.write('more.txt', 'more\n')
    const replaced = await repository.commit('More')
    await repository.write('other.txt', 'other\n')
    const other = await repository.commit('Other')
    await repository.git('reset', '--quiet', '--hard', replaced)
    await repository.git('replace', replaced, other)
    await repository.git('reset', '--quiet', '--hard')
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.git('ls-files', 'other.txt')).toBe('other.txt')
    expect(await repository.git('ls-tree', '--name-only', 'HEAD', 'other.txt')).toBe('other.txt')
  })

  it('can be damaged: the Op waits, with git’s message', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    await repository.git('config', 'core.sharedRepository', 'group')
    const tree = await repository.git('rev-parse', 'HEAD^{tree}')
    const path = `.git/objects/${tree.slice(0, 2)}/${tree.slice(2)}`
    await chmod(join(repository.path, path), 0o644)
    await repository.write(path, 'damage')
    const later = await closeOne(ops)
    expect(later.commit.status).not.toBe('committed')
    expect(answerOf(later)).toMatch(/GIT_FAILED|objects-missing/)
    expect(await repository.read(closed.path)).toContain('completed')
  })
})
