import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  asOrdinaryUser,
  newRepository,
  type Repository,
  tempFolder,
  whileReadOnly,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { commitLockOf, stateDirOf } from '../../src/project/state-dir.js'
import { intentPath, readIntent } from '../../src/state/intent-store.js'
import { removeEmptyState, removeGoneState, takeOverState } from '../../src/state/take-over.js'
import { knownWorkTrees } from '../../src/state/work-trees.js'
import { DONE, openIn, REQUEST } from '../support/store.js'
import { always, committing, holdingBack, NOT_NOW } from '../support/strategies.js'

/** A linked work tree with an open Op and a pending one. */
const linkedWithOps = async () => {
  const repository = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', '-b', 'elsewhere', linked)
  const ops = await openIn(linked, { strategy: always(NOT_NOW) })
  const open = await ops.start(REQUEST)
  const pending = await ops.start(REQUEST)
  await ops.complete(pending.id, DONE)
  return { repository, linked, open: open.id, pending: pending.id }
}

const gone = async () => {
  const left = await linkedWithOps()
  await left.repository.git('worktree', 'remove', '--force', left.linked)
  return left
}

const goneTree = async ({ path }: Repository) => {
  const tree = (await knownWorkTrees(path)).find(({ status }) => status === 'gone')
  if (tree === undefined) throw new Error('No work tree is gone.')
  return tree
}

describe('an Op of a work tree that is gone', () => {
  it('is adopted, open or pending, and its state is then removed', async () => {
    const { repository, open, pending } = await gone()
    const ops = await openIn(repository.path, { strategy: committing() })
    const tree = await goneTree(repository)
    expect(await ops.adopt(open)).toBe(true)
    expect((await ops.complete(open, DONE)).notes).toHaveLength(1)
    expect(await ops.adopt(pending)).toBe(true)
    expect(await ops.adopt(pending)).toBe(false)
    expect([...(await ops.flush({ allStrategies: true })).keys()]).toEqual([pending])
    expect(await removeEmptyState(join(repository.path, '.git'), tree.id)).toBe(true)
    expect((await knownWorkTrees(repository.path)).map(({ status }) => status)).toEqual(['present'])
  })

  it('is not adopted while its state is locked', async () => {
    const { repository, open } = await gone()
    const [state] = (await goneTree(repository)).roots
    if (state === undefined) throw new Error('no state')
    await writeFile(commitLockOf(state).path, 'not ours')
    expect(await (await openIn(repository.path)).adopt(open)).toBe(false)
    removeGoneState(state)
    expect(existsSync(state.dir)).toBe(true)
  })

  it('is not adopted by a store that is not in its repository', async () => {
    const { open } = await gone()
    const elsewhere = await newRepository()
    expect(await (await openIn(elsewhere.path)).adopt(open)).toBe(false)
  })
})

describe('an Op of a work tree that is out of reach', () => {
  it('is adopted, and the state of the others stays', async () => {
    const { repository, linked, open, pending } = await linkedWithOps()
    await rename(linked, `${linked}-away`)
    const trees = await knownWorkTrees(repository.path)
    expect(trees.map(({ status, path }) => [status, path])).toContainEqual(['unreachable', linked])
    const ops = await openIn(repository.path)
    expect(await ops.adopt(open)).toBe(true)
    expect((await ops.startNote(open))?.line).toContain(open)
    await rename(`${linked}-away`, linked)
    const back = await openIn(linked)
    expect((await back.pending()).map(({ id }) => id)).toEqual([pending])
  })

  it('counts as locked if git protects its work tree', async () => {
    const { repository, linked } = await linkedWithOps()
    await repository.git('worktree', 'lock', linked)
    await rename(linked, `${linked}-away`)
    const trees = await knownWorkTrees(repository.path)
    expect(trees.filter(({ isLocked }) => isLocked).map(({ path }) => path)).toEqual([linked])
  })
})

describe('state in another place', () => {
  it('is taken over file by file, except what a living process works on', async () => {
    const { repository, linked, open, pending } = await linkedWithOps()
    const from = await stateDirOf(linked)
    const to = (await stateDirOf(repository.path)).dir
    for (const name of ['pending', 'started']) await mkdir(join(to, name), { recursive: true })
    const intent = await readIntent(from.dir, pending)
    expect(intent?.owner).toBeUndefined()
    // A torn intent counts as being written.
    await writeFile(join(from.dir, intentPath(open)), 'torn')
    expect(await takeOverState(from, to)).toEqual([pending])
    expect(await readdir(join(from.dir, 'started'))).toEqual([`${open}.json`])
    await rm(join(from.dir, intentPath(open)))
    expect(await takeOverState(from, to, open)).toEqual([open])
    expect(await takeOverState(from, to)).toEqual([])
  })

  it('that a sandbox left in the work tree is taken over by the next Op outside', async () => {
    const repository = await newRepository()
    const { strategy, gate } = holdingBack()
    const inside = await asOrdinaryUser(repository.path, () =>
      whileReadOnly(join(repository.path, '.git'), async () => {
        const ops = await openIn(repository.path, { strategy })
        const { id } = await ops.start(REQUEST)
        const completion = await ops.complete(id, DONE)
        return { id, completion, dirs: await readdir(join(repository.path, '.kittify', 'state')) }
      }),
    )
    expect(inside.completion.state).toBe('in-work-tree')
    expect(inside.dirs).toContain('.gitignore')
    gate.open = true
    const ops = await openIn(repository.path, { strategy })
    expect((await ops.pending()).map(({ id }) => id)).toEqual([inside.id])
    expect([...(await ops.flush()).values()].map(({ status }) => status)).toEqual(['committed'])
    expect(existsSync(join(repository.path, '.kittify', 'state', 'pending'))).toBe(false)
    expect(await ops.pending()).toEqual([])
  })

  it('that was settled in a sandbox is forgotten in the git directory', async () => {
    const repository = await newRepository()
    const strategy = committing()
    const { id } = await (await openIn(repository.path, { strategy })).start(REQUEST)
    const note = join((await stateDirOf(repository.path)).dir, 'started', `${id}.json`)
    // Only the folder of pending Ops cannot be written.
    const pending = join(note, '..', '..', 'pending')
    const done = await asOrdinaryUser(repository.path, () =>
      whileReadOnly(pending, async () =>
        (await openIn(repository.path, { strategy })).complete(id, DONE),
      ),
    )
    expect(done.commit.status).toBe('committed')
    expect(existsSync(note)).toBe(false)
    expect(await repository.statusPorcelain()).toContain(`?? kitty-ops/${id}.jsonl`)
  })
})
