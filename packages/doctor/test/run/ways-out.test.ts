import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, type Store } from '../support/store.js'

/** What a check says. */
const said = async ({ ops }: Store, check: string): Promise<string> =>
  (await doctorOps({ ops, checks: [check] })).findings.map(({ message }) => message).join('\n')

/** The steps that a check recommends. */
const stepsOf = async ({ ops }: Store, check: string) =>
  (await doctorOps({ ops, checks: [check] })).findings.flatMap(({ next }) => next)

describe('the recommended steps lead out', () => {
  it('of a damaged record that HEAD has as closed: it must not be closed again', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const { path } = await closedOp(ops)
    const closed = await repository.read(path)
    await repository.write(path, closed.replace('"completed"', '"comple').slice(0, -2))
    const back = { verb: 'git-checkout', path }
    expect(await stepsOf(store, 'unreadable-record')).toContainEqual(back)
    const [started = ''] = closed.split('\n')
    await repository.write(path, `${started}\n${started}\n`)
    expect(await stepsOf(store, 'start-line')).toContainEqual(back)
    for (const check of ['unreadable-record', 'start-line']) {
      expect((await stepsOf(store, check)).map(({ verb }) => verb)).not.toContain('close')
    }
    await repository.git('checkout', '--quiet', 'HEAD', '--', path)
    await expectHealthy(ops)
  })

  it('of an interrupted archive: archiving again finishes it', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const { id, path } = await closedOp(ops)
    await repository.write(archivedPath(id), await repository.read(path))
    expect(await stepsOf(store, 'misplaced-record')).toEqual([{ verb: 'archive' }])
    await ops.archive({ olderThanDays: 0 })
    expect(await repository.statusPorcelain()).toEqual([])
    await expectHealthy(ops)
  })

  it.each([true, false])(
    'of a hot record that is archived in git, tracked: %s',
    async (tracked) => {
      const store = await newStore()
      const { repository, ops } = store
      const { id, path } = await closedOp(ops)
      const text = await repository.read(path)
      await ops.archive({ olderThanDays: 0 })
      await repository.write(path, text)
      if (tracked) await repository.git('add', '--', path)
      const way = tracked ? 'remove the other' : 'delete the other'
      expect(await said(store, 'misplaced-record')).toContain(way)
      expect(await stepsOf(store, 'misplaced-record')).toEqual(
        tracked ? [{ verb: 'git-remove', path }] : [],
      )
      if (tracked) await repository.git('rm', '--quiet', '-f', '--', path)
      else await rm(join(repository.path, path))
      expect(await repository.statusPorcelain()).toEqual([])
      expect(await repository.read(archivedPath(id))).toBe(text)
      await expectHealthy(ops)
    },
  )
})

describe.skipIf(process.platform === 'win32')('the recommended steps for a link lead out', () => {
  it('where git has the record: it is restored', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const { path } = await closedOp(ops)
    await rm(join(repository.path, path))
    await symlink('elsewhere', join(repository.path, path))
    expect(await stepsOf(store, 'symlink')).toEqual([{ verb: 'git-checkout', path }])
    await repository.git('checkout', '--quiet', 'HEAD', '--', path)
    await expectHealthy(ops)
  })

  it('where git has the link, and where it has nothing', async () => {
    const store = await newStore()
    const { repository, ops } = store
    await closedOp(ops)
    const path = recordPath(newOpId())
    await symlink('elsewhere', join(repository.path, path))
    expect(await said(store, 'symlink')).toContain('or delete it')
    await repository.git('add', '--', path)
    expect(await stepsOf(store, 'symlink')).toEqual([{ verb: 'git-remove', path }])
    await repository.git('rm', '--quiet', '-f', '--', path)
    await expectHealthy(ops)
  })
})

it('Ops of the older format, and odd records, are reported together', async () => {
  const { repository, ops } = await newStore()
  const ids = [newOpId(), newOpId()]
  for (const id of ids) {
    const text = closedRecordText({ id }).replace(',"closed_by":"agent"', '')
    await repository.write(recordPath(id), text.trimEnd())
  }
  await repository.commit('Everything')
  const checks = ['legacy-completion', 'odd-record']
  const { findings } = await doctorOps({ ops, checks })
  expect(findings).toMatchObject([
    { id: 'legacy-completion', severity: 'info', invocation_ids: ids.toSorted() },
    { id: 'odd-record', severity: 'info', invocation_ids: ids.toSorted() },
  ])
})
