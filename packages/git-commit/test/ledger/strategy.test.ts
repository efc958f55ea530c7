import { readdirSync, statSync } from 'node:fs'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { newRepository, openRecordText, type Repository, tempFolder } from '@kitty/test-kit'
import { waitForLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { ledger } from '../../src/ledger/ledger.js'
import type { LedgerOptions } from '../../src/ledger/open-ledger.js'
import { ledgerLockOf } from '../../src/ledger/own-writer.js'
import { withLedger } from '../../src/ledger/with-ledger.js'
import { when, withShim } from '../support/git-shim.js'
import {
  leaveRefsToGit,
  ledgerRefs,
  loseObject,
  onlyLedger,
  openWithLedger,
  opsInLedger,
} from '../support/ledger.js'
import { asOrdinaryUser, whileReadOnly } from '../support/ordinary-user.js'
import { archiveRequest, opRequest, recordOf, requestFor } from '../support/requests.js'
import { closeOne, openIn } from '../support/store.js'
import { withEnv } from '../support/with-env.js'

/** A store whose only home is the ledger. */
const openLedger = ({ path }: Repository, options: LedgerOptions = {}) =>
  openIn(path, { strategy: ledger(options) })

/** Every file and folder of the git directory, and when it changed. */
const filesOf = ({ path }: Repository): readonly string[] =>
  readdirSync(join(path, '.git'), { recursive: true, encoding: 'utf8' })
    .map((name) => `${name} ${statSync(join(path, '.git', name)).mtimeMs}`)
    .toSorted()

const holdLock = async ({ path }: Repository) => {
  const lock = await waitForLock(ledgerLockOf(join(path, '.git')), { timeoutMs: 1000 })
  if (lock.kind !== 'held') throw new Error(lock.kind)
  return lock
}

describe('a request to the ledger', () => {
  it('to commit an open record is refused: the ledger holds none, and no ref is made', async () => {
    const repository = await newRepository()
    const id = newOpId()
    const path = `kitty-ops/${id}.jsonl`
    const request = requestFor(repository.path, [path], {
      record: recordOf(path, openRecordText({ id })),
    })
    expect(await ledger().commit(repository.path, [request])).toMatchObject([
      { status: 'refused', code: 'OPEN_RECORD', message: expect.stringContaining(path) },
    ])
    expect(await ledgerRefs(repository)).toEqual([])
  })

  it('to archive records changes nothing, and does not keep others of the batch out', async () => {
    const repository = await newRepository()
    const request = await opRequest(repository)
    const archive = archiveRequest(repository.path)
    const results = await ledger().commit(repository.path, [archive, request])
    expect(results).toMatchObject([
      { status: 'skipped', reason: 'disabled' },
      { status: 'committed' },
    ])
    expect(await opsInLedger(repository)).toHaveLength(1)
    expect(await withLedger(directGit()).commit(repository.path, [archive])).not.toMatchObject([
      { ledger: expect.anything() },
    ])
  })

  it('that names one Op twice adds it once, and says so to both', async () => {
    const repository = await newRepository()
    const request = await opRequest(repository)
    const results = await ledger().commit(repository.path, [request, request])
    const tip = await repository.git('rev-parse', await onlyLedger(repository))
    expect(results).toMatchObject([
      { status: 'committed', sha: tip },
      { status: 'committed', sha: tip },
    ])
  })

  it('whose evidence is gone by then adds the record without it', async () => {
    const repository = await newRepository()
    const request = await opRequest(repository)
    const [id = ''] = /\w{26}/.exec(request.record.path) ?? []
    const extras = [`.kittify/evidence/${id}/gone.log`]
    expect(await ledger().commit(repository.path, [{ ...request, extras }])).toMatchObject([
      { status: 'committed' },
    ])
    expect(await opsInLedger(repository)).toEqual([id])
  })
})

describe('what keeps an Op out of the ledger', () => {
  it('is a configuration that git cannot read, until it is corrected', async () => {
    const repository = await newRepository()
    const ops = await openLedger(repository)
    const config = await repository.read('.git/config')
    await repository.write('.git/config', `${config}[broken\n`)
    const { id, commit } = await closeOne(ops)
    expect(commit).toMatchObject({ status: 'failed' })
    await repository.write('.git/config', config)
    await ops.flush()
    expect(await opsInLedger(repository)).toEqual([id])
    expect(await ops.pending()).toEqual([])
  })

  it('is another process that changes the ledger for too long', async () => {
    const repository = await newRepository()
    const ops = await openLedger(repository, { lockTimeoutMs: 50 })
    const first = await closeOne(ops)
    const lock = await holdLock(repository)
    const { id, commit } = await closeOne(ops)
    expect(commit).toMatchObject({ status: 'deferred', reason: 'lock-timeout' })
    lock.release()
    await ops.flush()
    expect(await opsInLedger(repository)).toEqual([first.id, id].toSorted())
  })

  it('is the same while the clone has no writer yet, and no second writer is made', async () => {
    const repository = await newRepository()
    await repository.write('.git/kitty/tokens/.keep', '')
    const ops = await openLedger(repository, { lockTimeoutMs: 50 })
    const lock = await holdLock(repository)
    const { id, commit } = await closeOne(ops)
    expect(commit).toMatchObject({ status: 'failed', code: 'LOCK_TIMEOUT' })
    expect(await ledgerRefs(repository)).toEqual([])
    lock.release()
    await ops.flush()
    expect(await opsInLedger(repository)).toEqual([id])
  })

  it.each(['the next flush', 'a repeated close'])(
    'is made up for by %s once the Op is on a branch that is not checked out',
    async (how) => {
      const repository = await newRepository()
      const strategy = withLedger(directGit(), ledger({ lockTimeoutMs: 50 }))
      const ops = await openIn(repository.path, { strategy })
      const first = await closeOne(ops)
      await repository.git('switch', '--quiet', '--create', 'side')
      const lock = await holdLock(repository)
      const { id, commit } = await closeOne(ops)
      expect(commit).toMatchObject({ status: 'committed', ledger: { reason: 'lock-timeout' } })
      lock.release()
      await repository.git('switch', '--quiet', 'work')
      if (how === 'the next flush') await ops.flush()
      else await ops.complete(id, { outcome: 'done' }).catch(() => undefined)
      expect(await opsInLedger(repository)).toEqual([first.id, id].toSorted())
      expect(await ops.pending()).toEqual([])
      expect(await repository.git('log', '--format=%H', '--', `kitty-ops/${id}.jsonl`)).toBe('')
    },
  )

  it.skipIf(process.platform === 'win32')('is a git directory that is read-only', async () => {
    const repository = await newRepository()
    const ops = await openLedger(repository)
    const first = await closeOne(ops)
    const request = await opRequest(repository)
    const gitDir = join(repository.path, '.git')
    const [blocked, results] = await asOrdinaryUser(repository.path, () =>
      whileReadOnly(gitDir, async () => [
        await ledger().blockedBy?.(repository.path),
        await ledger().commit(repository.path, [request]),
      ]),
    )
    const readOnly = { status: 'deferred', reason: 'git-read-only' }
    expect(blocked).toMatchObject(readOnly)
    expect(results).toMatchObject([readOnly])
    expect(await opsInLedger(repository)).toEqual([first.id])
    expect(await ledger().blockedBy?.(repository.path)).toBe(undefined)
  })
})

describe.skipIf(process.platform === 'win32')('a ref that another git moves', () => {
  const moving = ({ path }: Repository, ref: string, to: string) =>
    `echo ${to} > '${path}/.git/${ref}'; real "$@"; exit $?`

  it('once is read again: the Op is added to what that git left', async () => {
    const repository = await newRepository()
    const ops = await openLedger(repository)
    const first = await closeOne(ops)
    await leaveRefsToGit(repository)
    const ref = await onlyLedger(repository)
    const tree = `${ref}^{tree}`
    const moved = await repository.git('commit-tree', tree, '-p', ref, '-m', 'ledger: another git')
    const next = await withShim(when('update-ref', moving(repository, ref, moved)), () =>
      closeOne(ops),
    )
    expect(next.commit).toMatchObject({ status: 'committed' })
    expect(await repository.git('rev-parse', `${ref}~1`)).toBe(moved)
    expect(await opsInLedger(repository)).toEqual([first.id, next.id].toSorted())
  })

  it('is where the Op put it if only the answer of git was lost', async () => {
    const repository = await newRepository()
    const ops = await openLedger(repository)
    const first = await closeOne(ops)
    await leaveRefsToGit(repository)
    const lost = 'real "$@"; exit 128'
    const { id, commit } = await withShim(when('update-ref', lost), () => closeOne(ops))
    const tip = await repository.git('rev-parse', await onlyLedger(repository))
    expect(commit).toMatchObject({ status: 'committed', sha: tip })
    expect(await opsInLedger(repository)).toEqual([first.id, id].toSorted())
    expect(await repository.git('rev-list', '--count', tip)).toBe('2')
  })

  it('again and again defers the Op, which the next one takes along', async () => {
    const repository = await newRepository()
    const ops = await openLedger(repository)
    const first = await closeOne(ops)
    await leaveRefsToGit(repository)
    const ref = await onlyLedger(repository)
    const another = `$(real commit-tree -p ${ref} -m "$$" ${ref}^{tree})`
    const { id, commit } = await withShim(
      when('update-ref', moving(repository, ref, another), 'always'),
      () => closeOne(ops),
    )
    expect(commit).toMatchObject({ status: 'deferred', reason: 'ref-locked' })
    expect((await ops.pending()).map((intent) => intent.id)).toEqual([id])
    const next = await closeOne(ops)
    expect(await opsInLedger(repository)).toEqual([first.id, id, next.id].toSorted())
    expect(await ops.pending()).toEqual([])
  })
})

describe('what blocks the ledger, without adding an Op', () => {
  it('is nothing in a repository without one, and looking makes none', async () => {
    const repository = await newRepository()
    expect(await ledger().blockedBy?.(repository.path)).toBe(undefined)
    expect(await ledgerRefs(repository)).toEqual([])
    await expect(repository.read('.git/kitty/writer')).rejects.toThrow()
  })

  it('is a ledger that was moved back, until it is moved forward', async () => {
    const repository = await newRepository()
    await closeOne(await openLedger(repository))
    const ref = await onlyLedger(repository)
    const tip = await repository.git('rev-parse', ref)
    expect(await ledger().blockedBy?.(repository.path)).toBe(undefined)
    await repository.git('update-ref', '-d', ref)
    expect(await ledger().blockedBy?.(repository.path)).toMatchObject({
      status: 'deferred',
      reason: 'ledger-rewound',
    })
    await repository.git('update-ref', ref, tip)
    expect(await ledger().blockedBy?.(repository.path)).toBe(undefined)
  })

  it('is no damage, which the next Op repairs, and looking changes nothing', async () => {
    const repository = await newRepository()
    const ops = await openLedger(repository)
    const { id } = await closeOne(ops)
    const ref = await onlyLedger(repository)
    await closeOne(ops)
    await loseObject(repository, `${ref}^{tree}`)
    const before = filesOf(repository)
    expect(await ledger().blockedBy?.(repository.path)).toBe(undefined)
    expect(filesOf(repository)).toEqual(before)
    const next = await closeOne(ops)
    expect(next.commit).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toContain(id)
  })

  it('is a configuration that cannot be read, and that there is no repository', async () => {
    const repository = await newRepository()
    await closeOne(await openLedger(repository))
    const config = await repository.read('.git/config')
    await repository.write('.git/config', `${config}[broken\n`)
    expect(await ledger().blockedBy?.(repository.path)).toMatchObject({ status: 'failed' })
    expect(await ledger().blockedBy?.(await tempFolder())).toMatchObject({
      status: 'skipped',
      reason: 'no-repository',
    })
    expect(await ledger().blockedBy?.(join(repository.path, 'gone'))).toMatchObject({
      status: 'failed',
    })
  })
})

/** A program in place of gpg: prints what gpg prints when it signs, which git expects, and signs. */
const SIGNS = `#!/bin/sh
cat > /dev/null
echo "[GNUPG:] BEGIN_SIGNING H8" >&2
echo "[GNUPG:] SIG_CREATED D 1 8 00 1700000000 0000" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nabc\\n-----END PGP SIGNATURE-----\\n'
`

const withGpg = async (repository: Repository, script: string): Promise<void> => {
  const program = join(await tempFolder(), 'gpg')
  await writeFile(program, script)
  await chmod(program, 0o755)
  await repository.git('config', 'gpg.program', program)
}

const commitAt = ({ git }: Repository, ref: string): Promise<string> =>
  git('cat-file', 'commit', ref)

describe.skipIf(process.platform === 'win32')('signing', () => {
  it('happens if it is asked for, and not because git signs the user’s commits', async () => {
    const repository = await newRepository()
    await withGpg(repository, SIGNS)
    await repository.git('config', 'commit.gpgSign', 'true')
    await closeOne(await openLedger(repository))
    const ref = await onlyLedger(repository)
    expect(await commitAt(repository, ref)).not.toContain('gpgsig')
    const { commit } = await closeOne(await openLedger(repository, { sign: 'always' }))
    expect(commit).toMatchObject({ status: 'committed' })
    const signed = await commitAt(repository, ref)
    expect(signed).toContain('gpgsig')
    expect(signed).toContain(`parent ${await repository.git('rev-parse', `${ref}~1`)}`)
    expect(await repository.git('log', '-1', '--format=%an', ref)).toBe(
      await repository.git('config', 'user.name'),
    )
  })

  it('needs no identity: the writer signs as itself', async () => {
    const repository = await newRepository()
    await withGpg(repository, SIGNS)
    for (const name of ['name', 'email']) await repository.git('config', `user.${name}`, '')
    await repository.git('config', 'user.useConfigOnly', 'true')
    const env = { GIT_CONFIG_GLOBAL: '/dev/null', HOME: await tempFolder() }
    const { commit } = await withEnv(env, async () =>
      closeOne(await openLedger(repository, { sign: 'always' })),
    )
    expect(commit).toMatchObject({ status: 'committed' })
    const ref = await onlyLedger(repository)
    const person = `spec-kitty <${ref.split('/').at(-1)}@kitty.invalid>`
    expect(await commitAt(repository, ref)).toContain('gpgsig')
    expect(await repository.git('log', '--format=%an <%ae>%n%cn <%ce>', ref)).toBe(
      `${person}\n${person}`,
    )
  })

  it('that fails leaves the ledger as it was, and the Op pending', async () => {
    const repository = await newRepository()
    const first = await closeOne(await openLedger(repository))
    const ref = await onlyLedger(repository)
    const tip = await repository.git('rev-parse', ref)
    await withGpg(repository, '#!/bin/sh\nexit 1\n')
    const signing = await openLedger(repository, { sign: 'always' })
    const { id, commit } = await closeOne(signing)
    expect(commit).toMatchObject({ status: 'failed', code: 'SIGNING_FAILED' })
    expect(await repository.git('rev-parse', ref)).toBe(tip)
    expect((await signing.pending()).map((intent) => intent.id)).toEqual([id])
    await withGpg(repository, SIGNS)
    await signing.flush()
    expect(await opsInLedger(repository)).toEqual([first.id, id].toSorted())
  })

  it('that fails in the ledger does not keep the Op out of the branch', async () => {
    const repository = await newRepository()
    await withGpg(repository, '#!/bin/sh\nexit 1\n')
    const strategy = withLedger(directGit(), ledger({ sign: 'always' }))
    const { commit } = await closeOne(await openIn(repository.path, { strategy }))
    expect(commit).toMatchObject({
      status: 'committed',
      ledger: { status: 'failed', reason: 'signing-failed' },
    })
    await rm(join(repository.path, '.git', 'kitty', 'ledger-tip'), { force: true })
    await (await openWithLedger(repository.path)).flush()
    expect(await opsInLedger(repository)).toHaveLength(1)
  })
})
