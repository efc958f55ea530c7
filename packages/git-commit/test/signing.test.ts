import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from './helpers/expect-committed.js'
import { answerOf, closeOne, startOne, storeAt } from './helpers/ops.js'

/** A program that stands for gpg: says that it signed, as git wants to hear it, and signs. */
const SIGNS = `#!/bin/sh
cat > /dev/null
echo "[GNUPG:] SIG_CREATED D 1 8 00 1700000000 0000" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nabc\\n-----END PGP SIGNATURE-----\\n'
`

const withGpg = async (repository: Repository, script: string): Promise<void> => {
  const program = join(await tempFolder(), 'gpg')
  await writeFile(program, script)
  await chmod(program, 0o755)
  await repository.git('config', 'gpg.program', program)
}

const isSigned = async ({ git }: Repository, commit: string): Promise<boolean> =>
  (await git('cat-file', 'commit', commit)).includes('gpgsig')

describe.skipIf(process.platform === 'win32')('signing', () => {
  it('never happens unless it is asked for, whatever the user has set', async () => {
    const repository = await newRepository()
    await withGpg(repository, 'exit 1')
    await repository.git('config', 'commit.gpgSign', 'true')
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    await expectCommitted(repository, ops, closed)
    expect(await isSigned(repository, 'HEAD')).toBe(false)
  })

  it.each(['true', 'yes', '2'])('goes by commit.gpgSign=%s with auto', async (value) => {
    const repository = await newRepository()
    await withGpg(repository, SIGNS)
    const ops = await storeAt(repository, { sign: 'auto' })
    await closeOne(ops)
    expect(await isSigned(repository, 'HEAD')).toBe(false)
    await repository.git('config', 'commit.gpgSign', value)
    const closed = await closeOne(ops)
    expect(await isSigned(repository, 'HEAD')).toBe(true)
    await expectCommitted(repository, ops, closed)
  })

  it('says what is signed in UTF-8, whatever the user writes in', async () => {
    const repository = await newRepository()
    await withGpg(repository, SIGNS)
    await repository.git('config', 'i18n.commitEncoding', 'ISO-8859-1')
    const ops = await storeAt(repository, { sign: 'always' })
    const { invocation_id } = await ops.start({ profile_id: 'é', action: 'a', request_text: 'x' })
    await ops.complete(invocation_id, { outcome: 'done' })
    expect(await repository.git('log', '-1', '--encoding=UTF-8', '--format=%s')).toContain('op(é)')
  })

  it('signs each of several that are committed together', async () => {
    const repository = await newRepository()
    await withGpg(repository, SIGNS)
    const ops = await storeAt(repository, { sign: 'always' })
    const started = await Promise.all([1, 2, 3].map(() => startOne(ops)))
    await Promise.all(started.map((op) => ops.complete(op.invocation_id, { outcome: 'done' })))
    for (const commit of ['HEAD', 'HEAD~1', 'HEAD~2']) {
      expect(await isSigned(repository, commit)).toBe(true)
    }
    expect(await repository.log()).toHaveLength(4)
  })

  it.each([
    ['fails', 'exit 1', 'SIGNING_FAILED'],
    ['hangs, and what it started too', 'sleep 60 & sleep 60', 'SIGNING_TIMED_OUT'],
  ])('that %s leaves the Op pending, and says so', async (_, script, code) => {
    const repository = await newRepository()
    await withGpg(repository, `#!/bin/sh\n${script}\n`)
    const ops = await storeAt(repository, { sign: 'always', signTimeoutMs: 500 })
    const tip = await repository.head()
    const closed = await closeOne(ops)
    expect(answerOf(closed)).toBe(code)
    expect(await repository.head()).toBe(tip)
    await withGpg(repository, SIGNS)
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })

  it('keeps Ops apart that were closed under another way of it', async () => {
    const repository = await newRepository()
    await withGpg(repository, '#!/bin/sh\nexit 1\n')
    const closed = await closeOne(await storeAt(repository, { sign: 'always' }))
    const plain = await storeAt(repository)
    await closeOne(plain)
    const pending = (await plain.pending()).map(({ invocation_id }) => invocation_id)
    expect(pending).toEqual([closed.invocation_id])
  })
})
