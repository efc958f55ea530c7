import { existsSync } from 'node:fs'
import {
  chmod,
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { ownRefLocks } from '../../src/inspect.js'
import { isPlainRef } from '../../src/refs/move-ref-file.js'
import { readRepoConfig } from '../../src/repository/config.js'
import { readTip } from '../../src/repository/head.js'
import { readWorkTree } from '../../src/repository/work-tree.js'
import { canMoveHead, moveHead } from '../../src/transaction/move-head.js'
import { withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { when, withShim } from '../support/git-shim.js'
import { closeOne, storeAt } from '../support/ops.js'
import { asOrdinaryUser } from '../support/ordinary-user.js'

/** Closes an Op with a git that fails if it is asked to move a ref. */
const closeWithoutUpdateRef = (ops: Ops) =>
  process.platform === 'win32'
    ? closeOne(ops)
    : withShim(when('update-ref', 'exit 1', 'always'), () => closeOne(ops))

/** What only a moment has: tokens and drafts of refs, and locks. */
const leftovers = async ({ path }: Repository): Promise<readonly string[]> => {
  const names = await readdir(join(path, '.git'), { recursive: true })
  return names.filter((name) => /kitty.refs.|\.lock$/.test(name))
}

const place = async ({ path }: Repository) => {
  const workTree = await readWorkTree(path)
  const repoConfig = await readRepoConfig(path)
  if (workTree === undefined || !repoConfig.ok) throw new Error('no repository')
  const tip = await readTip(workTree, workTree.head)
  return { workTree, repoConfig: repoConfig.value, tip }
}

/** Leaves the lock of a process that died. */
const leaveLock = async ({ path }: Repository, name: string): Promise<void> => {
  const tokens = join(path, '.git', 'kitty', 'refs')
  await mkdir(tokens, { recursive: true })
  const token = join(tokens, `${encodeURIComponent(name)}.nobody.${'a'.repeat(32)}`)
  await writeFile(token, 'a'.repeat(32), { flag: 'a' })
  await link(token, join(path, '.git', `${name}.lock`))
}

describe('moving HEAD', () => {
  it.each(['branch', 'packed branch', 'detached', 'linked'])(
    'needs no git: %s; git sees its reflogs as its own',
    async (kind) => {
      const main = await newRepository()
      if (kind === 'packed branch') {
        await main.git('checkout', '--quiet', '-b', 'deep/one')
        await main.git('pack-refs', '--all', '--prune')
      }
      if (kind === 'detached') await main.git('checkout', '--quiet', '--detach')
      const linked = join(await tempFolder(), 'linked')
      if (kind === 'linked') await main.git('worktree', 'add', '--quiet', '-b', 'linked', linked)
      const repository = kind === 'linked' ? { ...main, path: linked } : main
      const git = (...args: string[]) => main.git('-C', repository.path, ...args)
      const ops = await storeAt(repository, { detached: 'commit' })
      const before = await git('rev-parse', 'HEAD')
      const closed = await closeWithoutUpdateRef(ops)
      expect(closed.commit.status).toBe('committed')
      expect(await git('rev-parse', 'HEAD~1')).toBe(before)
      const subject = await git('log', '-1', '--format=%s')
      for (const ref of kind === 'detached' ? ['HEAD'] : ['HEAD', '@{0}']) {
        expect(await git('reflog', 'show', '-1', '--format=%gs %gn', ref)).toBe(
          `${subject} ${await git('log', '-1', '--format=%cn')}`,
        )
      }
      expect(await git('status', '--porcelain')).toBe('')
      expect(await main.tryGit('fsck', '--strict')).toMatchObject({ exitCode: 0 })
      expect(await leftovers(main)).toEqual([])
    },
  )

  it('writes the line into the reflogs that git would write', async () => {
    const repository = await newRepository()
    const logs = async () =>
      Promise.all(
        ['HEAD', 'refs/heads/work'].map(async (name) => {
          const text = await readFile(join(repository.path, '.git', 'logs', name), 'utf8')
          return text
            .trimEnd()
            .split('\n')
            .at(-1)
            ?.replace(/\d{10,}/, 'TIME')
        }),
      )
    const { workTree, repoConfig, tip = '' } = await place(repository)
    const to = await repository.git('commit-tree', '-p', tip, '-m', 'Next', `${tip}^{tree}`)
    const reason = ' op(a):  b\t[c] '
    const move = { from: tip, to, reason, repoConfig, durability: 'process' } as const
    expect(await moveHead(workTree, move)).toBe('moved')
    const ours = await logs()
    await repository.git('reset', '--quiet', '--soft', tip)
    await repository.git('update-ref', '-m', reason, 'refs/heads/work', to, tip)
    expect(await logs()).toEqual(ours)
  })

  it('changes nothing if HEAD or its branch is no longer where it was read', async () => {
    const repository = await withBranches()
    const { workTree, repoConfig, tip = '' } = await place(repository)
    const move = { from: tip, to: tip, reason: 'back', repoConfig, durability: 'process' } as const
    await repository.git('commit', '--quiet', '--allow-empty', '-m', 'More')
    const head = await repository.head()
    expect(await moveHead(workTree, move)).toBe('changed')
    expect(await repository.head()).toBe(head)
    await repository.git('reset', '--quiet', '--hard', tip)
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/other')
    expect(await moveHead(workTree, move)).toBe('changed')
    expect(await repository.git('reflog', '--format=%gs')).not.toContain('back')
    expect(await leftovers(repository)).toEqual([])
  })

  it('leaves a lock of another process alone', async () => {
    const repository = await newRepository()
    const { workTree, repoConfig, tip = '' } = await place(repository)
    const move = { from: tip, to: tip, reason: 'x', repoConfig, durability: 'process' } as const
    for (const name of ['HEAD', 'refs/heads/work']) {
      const lock = join(repository.path, '.git', `${name}.lock`)
      await writeFile(lock, '')
      expect(await moveHead(workTree, move)).toBe(undefined)
      expect(await leftovers(repository)).toEqual([`${name}.lock`])
      await rm(lock)
    }
  })

  it('clears the locks that a crash left, also on another branch', async () => {
    const repository = await withBranches()
    const ops = await storeAt(repository)
    await closeOne(ops)
    const names = ['HEAD', 'refs/heads/work', 'refs/heads/other']
    for (const name of names) await leaveLock(repository, name)
    expect(
      ownRefLocks(join(repository.path, '.git'))
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(names.map((name) => join(repository.path, '.git', `${name}.lock`)).toSorted())
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await leftovers(repository)).toEqual([])
  })

  it('never moves a branch from an older place that is packed, if its file is damaged', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    await repository.git('pack-refs', '--all')
    await closeOne(ops)
    const head = await repository.head()
    const { workTree, repoConfig, tip } = await place(repository)
    for (const damage of ['', '\0'.repeat(41), 'garbage\n']) {
      await repository.write('.git/refs/heads/work', damage)
      expect(canMoveHead(workTree, tip, repoConfig)).toBe(false)
      expect((await closeOne(ops)).commit).toMatchObject({ status: 'failed' })
      expect(await repository.read('.git/refs/heads/work')).toBe(damage)
    }
    await repository.write('.git/refs/heads/work', `${head}\n`)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.git('rev-parse', 'HEAD~4')).toBe(head)
  })

  // Only here is another file system known.
  it.skipIf(!existsSync('/dev/shm'))('is left to git if refs are elsewhere', async () => {
    const repository = await newRepository()
    const refs = join(repository.path, '.git', 'refs')
    const elsewhere = await mkdtemp('/dev/shm/refs-')
    try {
      await cp(refs, elsewhere, { recursive: true })
      await rm(refs, { recursive: true })
      await symlink(elsewhere, refs)
      const ops = await storeAt(repository)
      await expectCommitted(repository, ops, await closeOne(ops))
      const moves = (await repository.git('reflog', '--format=%H')).split('\n')
      expect(new Set(moves).size).toBe(moves.length)
    } finally {
      await rm(elsewhere, { recursive: true })
    }
  })

  it.skipIf(process.platform === 'win32')('is left to git if the file cannot be read', async () => {
    const repository = await newRepository()
    const [commonDir, file] = ['.git', '.git/refs/heads/work'].map((p) => join(repository.path, p))
    await chmod(file ?? '', 0)
    await asOrdinaryUser(repository.path, async () => {
      expect(isPlainRef(commonDir ?? '', file ?? '')).toBe(false)
    })
  })

  it('is left to git if the branch has no file and is not packed, as if its name is not UTF-8', async () => {
    const repository = await newRepository()
    const { workTree, repoConfig, tip } = await place(repository)
    await rm(join(repository.path, '.git', 'refs', 'heads', 'work'))
    expect(canMoveHead(workTree, tip, repoConfig)).toBe(false)
  })

  it('is left to git where only git knows how', async () => {
    const repository = await newRepository()
    const can = async (): Promise<boolean> => {
      const { workTree, repoConfig, tip } = await place(repository)
      return canMoveHead(workTree, tip, repoConfig)
    }
    expect(await can()).toBe(true)
    await repository.git('config', 'core.logAllRefUpdates', 'false')
    expect(await can()).toBe(false)
    await repository.git('config', 'core.logAllRefUpdates', 'always')
    expect(await can()).toBe(true)
    await repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/work')
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias')
    expect(await can()).toBe(false)
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/unborn')
    expect(await can()).toBe(false)
  })
})
