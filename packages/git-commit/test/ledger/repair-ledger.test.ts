import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  configureRepository,
  newRepository,
  type Repository,
  repositoryAt,
  tempFolder,
  tryGitIn,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { ledger } from '../../src/ledger/ledger.js'
import { repairLedger } from '../../src/ledger/repair-own-ledger.js'
import { withLedger } from '../../src/ledger/with-ledger.js'
import {
  emptyObject,
  ledgerPaths,
  loseObject,
  onlyLedger,
  openWithLedger,
  opsInLedger,
  pathInLedger,
} from '../support/ledger.js'
import { closeOne, DONE, openIn, REQUEST } from '../support/store.js'

/** Refs in a database; `undefined` if the installed git does not support that. */
const withReftable = async (): Promise<Repository | undefined> => {
  const path = await tempFolder()
  const made = await tryGitIn(path, ['init', '--quiet', '--ref-format=reftable'])
  if (made.exitCode !== 0) return undefined
  await configureRepository(path)
  const repository = repositoryAt(path)
  await repository.commit('First commit')
  return repository
}

const expectSound = async (repository: Repository, ref: string): Promise<void> => {
  const { exitCode } = await repository.tryGit('rev-list', '--objects', ref)
  expect(exitCode).toBe(0)
}

describe('the newest whole commit of a damaged ledger', () => {
  it('is found in the reflog of a database, too', async ({ skip }) => {
    const repository = await withReftable()
    if (repository === undefined) return skip('This git has no reftable format.')
    const ops = await openWithLedger(repository.path)
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id, (await closeOne(ops)).id]
    const ref = await onlyLedger(repository)
    const whole = await repository.git('rev-parse', `${ref}~2`)
    await loseObject(repository, `${ref}~1^{tree}`)
    const next = await closeOne(ops)
    await repairLedger(repository.path)
    expect(await opsInLedger(repository)).toEqual([...ids, next.id].toSorted())
    expect(await repository.git('rev-list', ref)).toContain(whole)
    await expectSound(repository, ref)
  })

  it('is none without a reflog: everything that is left begins another history', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
    const ref = await onlyLedger(repository)
    await rm(join(repository.path, '.git', 'logs', 'refs', 'kitty'), { recursive: true })
    await loseObject(repository, `${ref}^{tree}`)
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([...ids, next.id].toSorted())
    expect(await repository.git('rev-list', '--count', ref)).toBe('1')
    await expectSound(repository, ref)
  })

  it('is not one that was damaged, too', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id, (await closeOne(ops)).id]
    const ref = await onlyLedger(repository)
    const whole = await repository.git('rev-parse', `${ref}~2`)
    for (const name of [`${ref}~1^{tree}`, `${ref}^{tree}`]) await loseObject(repository, name)
    const next = await closeOne(ops)
    expect(await opsInLedger(repository)).toEqual([...ids, next.id].toSorted())
    expect(await repository.git('rev-parse', `${ref}~1`)).toBe(whole)
    await expectSound(repository, ref)
  })
})

describe('what a repair adds again', () => {
  it('is also a record that HEAD has and the disk lacks', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const { id, path } = await closeOne(ops)
    const ref = await onlyLedger(repository)
    await rm(join(repository.path, path))
    await loseObject(repository, `${ref}^{tree}`)
    const next = await closeOne(ops)
    expect(await opsInLedger(repository)).toEqual([id, next.id].toSorted())
    const inLedger = await pathInLedger(repository, ref, id)
    expect(await repository.git('rev-parse', `${ref}:${inLedger}`)).toBe(
      await repository.git('rev-parse', `HEAD:${path}`),
    )
  })

  it('is not a record that HEAD has and cannot be read, which keeps no other one out', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const lost = await closeOne(ops)
    const kept = await closeOne(ops)
    const ref = await onlyLedger(repository)
    await rm(join(repository.path, lost.path))
    await loseObject(repository, `HEAD:${lost.path}`)
    await loseObject(repository, `${ref}^{tree}`)
    await loseObject(repository, `${ref}~1^{tree}`)
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([kept.id, next.id].toSorted())
    await expectSound(repository, ref)
  })

  it('keeps out no record of HEAD because another one is damaged', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const lost = await closeOne(ops)
    const kept = await closeOne(ops)
    const ref = await onlyLedger(repository)
    for (const { path } of [lost, kept]) await rm(join(repository.path, path))
    await emptyObject(repository, `HEAD:${lost.path}`)
    for (const name of [`${ref}^{tree}`, `${ref}~1^{tree}`]) await loseObject(repository, name)
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([kept.id, next.id].toSorted())
  })

  describe('of evidence', () => {
    /** A ledger whose last Op has evidence of 1000 bytes, with this limit. */
    const withEvidence = async (evidenceLimit: number) => {
      const repository = await newRepository()
      const strategy = withLedger(directGit(), ledger({ evidenceLimit }))
      const ops = await openIn(repository.path, { strategy })
      await closeOne(ops)
      await repository.write('proof.log', 'x'.repeat(1000))
      const { id } = await ops.start({ ...REQUEST, mode_of_work: 'task_execution' })
      await ops.complete(id, { ...DONE, evidence: 'proof.log' })
      return { repository, ops, ref: await onlyLedger(repository) }
    }

    const evidenceIn = async (repository: Repository) =>
      (await ledgerPaths(repository)).filter((path) => path.endsWith('/proof.log'))

    it('is not what stayed out because of its size', async () => {
      const { repository, ops, ref } = await withEvidence(999)
      await loseObject(repository, `${ref}^{tree}`)
      await closeOne(ops)
      expect(await evidenceIn(repository)).toEqual([])
      await loseObject(repository, `${ref}^{tree}`)
      expect(await repairLedger(repository.path, { evidenceLimit: 999 })).toMatchObject({
        ok: true,
        value: { restored: expect.any(Number) },
      })
      expect(await evidenceIn(repository)).toEqual([])
    })

    it('is what the limit allows', async () => {
      const { repository, ops, ref } = await withEvidence(1000)
      await loseObject(repository, `${ref}^{tree}`)
      await closeOne(ops)
      expect(await evidenceIn(repository)).toHaveLength(1)
    })

    it('is what the damaged commit still holds, whatever the limit is now', async () => {
      const { repository, ref } = await withEvidence(1000)
      await loseObject(repository, `${ref}~1^{tree}`)
      const lower = withLedger(directGit(), ledger({ evidenceLimit: 1 }))
      await repairLedger(repository.path, { evidenceLimit: 1 })
      await closeOne(await openIn(repository.path, { strategy: lower }))
      expect(await evidenceIn(repository)).toHaveLength(1)
    })
  })

  it('is no open Op, and no file that is not a record', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const open = await ops.start(REQUEST)
    const { id } = await closeOne(ops)
    await repository.write('kitty-ops/notes.md', 'Mine\n')
    await repository.write(`kitty-ops/${id.replace(/.$/, 'x')}.jsonl`, 'Mine\n')
    await repository.commit('Notes beside the records')
    const ref = await onlyLedger(repository)
    await loseObject(repository, `${ref}^{tree}`)
    expect(await repairLedger(repository.path)).toMatchObject({ value: { restored: 1 } })
    expect(await opsInLedger(repository)).toEqual([id])
    expect(await ledgerPaths(repository)).toHaveLength(1)
    expect((await repository.read(open.path)).includes('"completed"')).toBe(false)
  })

  it('is what the disk holds on an unborn branch', async () => {
    const repository = await newRepository({ unborn: true })
    const ops = await openIn(repository.path, { strategy: ledger() })
    const { id } = await closeOne(ops)
    const ref = await onlyLedger(repository)
    await loseObject(repository, `${ref}^{tree}`)
    const next = await closeOne(ops)
    expect(next.commit).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([id, next.id].toSorted())
  })
})
