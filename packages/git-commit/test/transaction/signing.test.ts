import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, startOne, storeAt } from '../support/ops.js'
import { withEnv } from '../support/with-env.js'

const INDEX = 'kitty-ops/ops-index.jsonl'

/** A program in place of gpg: prints what gpg prints when it signs, which git expects, and signs. */
const SIGNS = `#!/bin/sh
cat > /dev/null
echo "[GNUPG:] BEGIN_SIGNING H8" >&2
echo "[GNUPG:] SIG_CREATED D 1 8 00 1700000000 0000" >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nabc\\n-----END PGP SIGNATURE-----\\n'
`

/** The same, but runs something first. */
const signsAfter = (script: string): string => SIGNS.replace('\n', `\n${script}\n`)

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

  it.each(['true', 'yes', '2'])('follows commit.gpgSign=%s with auto', async (value) => {
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

  it('signs a message in UTF-8, whatever encoding the user has set', async () => {
    const repository = await newRepository()
    await withGpg(repository, SIGNS)
    await repository.git('config', 'i18n.commitEncoding', 'ISO-8859-1')
    const ops = await storeAt(repository, { sign: 'always' })
    const { id } = await ops.start({
      profile_id: 'é',
      action: 'a',
      request_text: 'x',
    })
    await ops.complete(id, { outcome: 'done' })
    expect(await repository.git('log', '-1', '--encoding=UTF-8', '--format=%s')).toContain('op(é)')
  })

  it('signs each of several that are committed together', async () => {
    const repository = await newRepository()
    await withGpg(repository, SIGNS)
    const ops = await storeAt(repository, { sign: 'always' })
    const started = await Promise.all([1, 2, 3].map(() => startOne(ops)))
    await Promise.all(started.map((op) => ops.complete(op.id, { outcome: 'done' })))
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

  it('gets no terminal to prompt at', async () => {
    const repository = await newRepository()
    await withGpg(repository, signsAfter('if env | grep -q ^GPG_TTY=; then exit 1; fi'))
    const ops = await storeAt(repository, { sign: 'always' })
    const closed = await withEnv({ GPG_TTY: '/dev/tty' }, () => closeOne(ops))
    await expectCommitted(repository, ops, closed)
  })

  it('can take long without blocking other git processes', async () => {
    const repository = await newRepository()
    await repository.write('mine.txt', 'mine\n')
    await withGpg(repository, signsAfter('git add mine.txt || exit 1'))
    const ops = await storeAt(repository, { sign: 'always' })
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.statusPorcelain()).toEqual(['A  mine.txt'])
  })

  it('starts again if the branch moves meanwhile', async () => {
    const repository = await newRepository()
    const once = 'mkdir .git/once 2>/dev/null && git commit -q --no-gpg-sign --allow-empty -m More'
    await withGpg(repository, signsAfter(once))
    const ops = await storeAt(repository, { sign: 'always' })
    await expectCommitted(repository, ops, await closeOne(ops))
    expect((await repository.log()).map((subject) => subject.slice(0, 4))).toEqual([
      'op(d',
      'More',
      'Firs',
    ])
  })

  it('omits an index cache that changes meanwhile', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository, { sign: 'always' }, { commitOpsIndex: true })
    await withGpg(repository, SIGNS)
    const first = await closeOne(ops)
    const changed = `${await repository.read(INDEX)}{"from":"elsewhere"}\n`
    await repository.write('.git/changed', changed)
    await withGpg(repository, signsAfter(`cp .git/changed ${INDEX}`))
    const { commit, path } = await closeOne(ops)
    expect(commit.status).toBe('committed')
    expect(await repository.git('show', '--format=', '--name-only', 'HEAD')).toBe(path)
    expect(await repository.read(INDEX)).toBe(changed)
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
    expect(await repository.read(first.path)).toContain('"completed"')
  })

  it('keeps apart Ops that were closed under another setting', async () => {
    const repository = await newRepository()
    await withGpg(repository, '#!/bin/sh\nexit 1\n')
    const closed = await closeOne(await storeAt(repository, { sign: 'always' }))
    const plain = await storeAt(repository)
    await closeOne(plain)
    const pending = (await plain.pending()).map(({ id }) => id)
    expect(pending).toEqual([closed.id])
  })
})
