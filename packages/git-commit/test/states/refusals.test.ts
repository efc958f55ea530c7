import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newRepository, type Repository } from '@kitty/test-kit'
import type { Completion, Ops } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { leaveIndexToGit } from '../support/git-index.js'
import { when, withShim } from '../support/git-shim.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { ANOTHER_USER, asOrdinaryUser, giveTo, whileReadOnly } from '../support/ordinary-user.js'
import { withEnv } from '../support/with-env.js'

/** Closes an Op in a bad state: the result says why it cannot be committed, and nothing is left behind. */
const closeBadly = async (repository: Repository, ops: Ops): Promise<Completion> => {
  const closed = await closeOne(ops)
  expect(await repository.read(closed.path)).toContain('"completed"')
  const names = await readdir(join(repository.path, '.git'))
  expect(names.filter((name) => /\.lock$|crash/.test(name))).toEqual([])
  expect(await readdir(join(repository.path, 'kitty-ops'))).not.toContain('ops-index.jsonl')
  return closed
}

describe('no identity', () => {
  it.each([
    ['user.useConfigOnly', 'true'],
    ['user.name', ''],
  ])('%s=%s: failed, with a hint', async (name, value) => {
    const repository = await newRepository()
    for (const key of ['user.name', 'user.email']) await repository.git('config', '--unset', key)
    await repository.git('config', name, value)
    await repository.git('config', 'user.useConfigOnly', 'true')
    const ops = await storeAt(repository)
    const closed = await closeBadly(repository, ops)
    expect(closed.commit).toMatchObject({
      status: 'failed',
      code: 'NO_IDENTITY',
      message: expect.stringMatching(/^git does not know who is committing.*\.$/),
      hint: expect.stringContaining('Set user.name and user.email'),
    })
    await repository.git('config', 'user.name', 'Ursula')
    await repository.git('config', 'user.email', 'ursula@example.org')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })

  it('one in the environment is enough', async () => {
    const repository = await newRepository()
    for (const key of ['user.name', 'user.email']) await repository.git('config', '--unset', key)
    await repository.git('config', 'user.useConfigOnly', 'true')
    const ops = await storeAt(repository)
    const env = {
      GIT_AUTHOR_NAME: 'Agnes',
      GIT_AUTHOR_EMAIL: 'agnes@example.org',
      GIT_COMMITTER_NAME: 'Carl',
      GIT_COMMITTER_EMAIL: 'carl@example.org',
    }
    await expectCommitted(repository, ops, await withEnv(env, () => closeOne(ops)))
    expect(await repository.log('%an %ce')).toContain('Agnes carl@example.org')
  })
})

const ROOT = process.getuid?.() === 0

describe('a file that cannot be written', () => {
  it.skipIf(process.platform === 'win32')(
    'the object store: failed, and later it goes in',
    async () => {
      const repository = await newRepository()
      const objects = join(repository.path, '.git', 'objects')
      const { ops, closed } = await asOrdinaryUser(repository.path, async () => {
        const ops = await storeAt(repository)
        const closed = await whileReadOnly(objects, () => closeBadly(repository, ops))
        await ops.flush()
        return { ops, closed }
      })
      expect(answerOf(closed)).toBe('NOT_WRITABLE')
      await expectCommitted(repository, ops, closed)
    },
  )

  it.skipIf(process.platform === 'win32')(
    'the branches: failed, and later it goes in',
    async () => {
      const repository = await newRepository()
      const branches = join(repository.path, '.git', 'refs', 'heads')
      const { ops, closed } = await asOrdinaryUser(repository.path, async () => {
        const ops = await storeAt(repository)
        const closed = await whileReadOnly(branches, () => closeBadly(repository, ops))
        await ops.flush()
        return { ops, closed }
      })
      expect(answerOf(closed)).toBe('NOT_WRITABLE')
      await expectCommitted(repository, ops, closed)
    },
  )

  it('a branch below another: failed, and committed on a branch that can exist', async () => {
    const repository = await newRepository()
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/work/below')
    const ops = await storeAt(repository)
    const closed = await closeBadly(repository, ops)
    expect(closed.commit).toMatchObject({
      status: 'failed',
      code: 'GIT_FAILED',
      message: expect.stringContaining('exists; cannot create'),
    })
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/work')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })

  it.skipIf(!ROOT)('a repository of another user: failed, with git’s message', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    await giveTo(ANOTHER_USER, repository.path)
    const closed = await closeBadly(repository, ops)
    expect(closed.commit).toMatchObject({
      code: 'UNSAFE_DIRECTORY',
      hint: expect.stringContaining('safe.directory'),
    })
    await giveTo(0, repository.path)
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})

const mount = promisify(execFile)

describe.skipIf(!ROOT || process.platform !== 'linux')('a full disk', () => {
  it('failed, and committed later', async ({ skip, onTestFinished }) => {
    const repository = await newRepository()
    const objects = join(repository.path, '.git', 'objects')
    await rm(objects, { recursive: true })
    await mkdir(objects)
    const args = ['-t', 'tmpfs', '-o', 'size=256k', 'kitty-test', objects]
    await mount('mount', args).catch(() => skip('no file system can be mounted here'))
    onTestFinished(async () => {
      await mount('umount', [objects])
    })
    await repository.write('.git/refs/heads/work', '')
    await rm(join(repository.path, '.git', 'refs', 'heads', 'work'))
    const ops = await storeAt(repository)
    await writeFile(join(objects, 'ballast'), Buffer.alloc(300_000)).catch(() => undefined)
    const closed = await closeBadly(repository, ops)
    expect(answerOf(closed)).toBe('DISK_FULL')
    await rm(join(objects, 'ballast'))
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})

describe('git itself', () => {
  it('is missing: failed, and the record is kept', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const closed = await withEnv({ PATH: '' }, () => closeBadly(repository, ops))
    expect(closed.commit).toMatchObject({
      status: 'failed',
      code: 'GIT_NOT_STARTED',
      hint: expect.stringContaining('2.30'),
    })
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })

  it.skipIf(process.platform === 'win32')('is too old for an option', async () => {
    const repository = await newRepository()
    await leaveIndexToGit(repository)
    const ops = await storeAt(repository)
    const old = when('update-index', 'echo "error: unknown option" >&2; exit 129', 'always')
    const closed = await withShim(old, () => closeBadly(repository, ops))
    expect(closed.commit).toMatchObject({ code: 'GIT_FAILED', exit_code: 129 })
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})
