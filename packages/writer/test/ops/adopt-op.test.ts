import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { selfOwner } from '../../src/lock/owner.js'
import { recordPath } from '../../src/project/paths.js'
import { knownWorkTrees } from '../../src/state/work-trees.js'
import { leaveBehind } from '../support/left-behind.js'
import { codeOf, DONE, intentIds, openIn, REQUEST, textAt } from '../support/store.js'
import { committing } from '../support/strategies.js'

/** A repository with a linked work tree, and a store in each. */
const twoWorkTrees = async () => {
  const { path, git } = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await git('worktree', 'add', '--quiet', linked)
  const strategy = committing()
  const [here, there] = [await openIn(path, { strategy }), await openIn(linked, { strategy })]
  return { path, git, linked, here, there }
}

describe('an Op of another work tree', () => {
  it('that is gone is taken over while it is open, and completed here', async () => {
    const { git, linked, here, there } = await twoWorkTrees()
    const { id, path } = await there.start(REQUEST)
    const line = await textAt(there, path)
    await git('worktree', 'remove', '--force', linked)
    expect(await codeOf(here.complete(id, DONE))).toBe('OP_NOT_FOUND')
    expect(await here.adopt(id)).toBe(true)
    expect((await here.complete(id, DONE)).commit.status).toBe('committed')
    expect((await textAt(here, path)).startsWith(line)).toBe(true)
  })

  it('that is out of reach is taken over with its close, and committed here', async () => {
    const { path, linked, here, there } = await twoWorkTrees()
    const { id, closed } = await leaveBehind(there, 1)
    await rm(linked, { recursive: true })
    expect(await here.adopt(id)).toBe(true)
    expect(await intentIds(here)).toEqual([id])
    expect((await here.flush()).get(id)?.status).toBe('committed')
    expect(await textAt(here, recordPath(id))).toBe(closed)
    expect(await here.adopt(id)).toBe(false)
    expect(await knownWorkTrees(path)).toHaveLength(1)
  })

  it('that is gone leaves its other Ops where they are', async () => {
    const { path, git, linked, here, there } = await twoWorkTrees()
    const [one, other] = [await there.start(REQUEST), await there.start(REQUEST)]
    await git('worktree', 'remove', '--force', linked)
    expect(await here.adopt(one.id)).toBe(true)
    expect(await here.startNote(other.id)).toBeUndefined()
    expect((await knownWorkTrees(path)).map(({ status }) => status).sort()).toEqual([
      'gone',
      'present',
    ])
    expect(await here.adopt(other.id)).toBe(true)
    expect(await knownWorkTrees(path)).toHaveLength(1)
  })

  it('that is present stays there', async () => {
    const { here, there } = await twoWorkTrees()
    const { id } = await there.start(REQUEST)
    expect(await here.adopt(id)).toBe(false)
    expect((await there.startNote(id))?.line).toContain(id)
  })

  it('is not taken from a living process that closes it', async () => {
    const { linked, here, there } = await twoWorkTrees()
    const { id } = await leaveBehind(there, 1, { owner: selfOwner() })
    await rename(linked, `${linked}-away`)
    expect(await codeOf(here.adopt(id))).toBe('CLOSE_IN_PROGRESS')
    await rename(`${linked}-away`, linked)
    expect(await intentIds(there)).toEqual([id])
  })

  it('stays where it is, with a code, if its state cannot be locked', async () => {
    const { path, git, linked, here, there } = await twoWorkTrees()
    const { id } = await there.start(REQUEST)
    await git('worktree', 'remove', '--force', linked)
    const gone = (await knownWorkTrees(path)).find(({ status }) => status === 'gone')
    const tokens = join(gone?.roots[0]?.lockDir ?? '', 'tokens')
    await rm(tokens, { recursive: true, force: true })
    await writeFile(tokens, '')
    expect(await codeOf(here.adopt(id))).toBe('WRITE_FAILED')
    await rm(tokens)
    expect(await here.adopt(id)).toBe(true)
  })

  it('that nothing is known of is not found', async () => {
    const { git, linked, here, there } = await twoWorkTrees()
    await there.start(REQUEST)
    await git('worktree', 'remove', '--force', linked)
    const id = newOpId()
    expect(await here.adopt(id)).toBe(false)
    expect(await (await openIn(await tempFolder())).adopt(id)).toBe(false)
  })
})
