import { chmodSync, existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { asOrdinaryUser, gitIn, newRepository, tempFolder, whileReadOnly } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { StateFolder } from '../../src/state/state-folder.js'
import { codeOf, DONE, openIn, REQUEST } from '../support/store.js'
import { always, committing, NOT_NOW } from '../support/strategies.js'

// Windows has no modes.
const isWindows = process.platform === 'win32'

const IN_ROOT = join('.kittify', 'state')

describe.skipIf(isWindows)('where the git directory cannot be written', () => {
  it('the state is in the work tree, and git does not see it', async () => {
    const { path, statusPorcelain } = await newRepository()
    await asOrdinaryUser(path, async () => {
      await whileReadOnly(join(path, '.git'), async () => {
        const ops = await openIn(path, { strategy: always(NOT_NOW) })
        const { id } = await ops.start(REQUEST)
        expect((await ops.startNote(id))?.line).toContain(id)
        const { commit } = await ops.complete(id, DONE)
        expect(commit).toMatchObject({ status: 'deferred' })
        expect(await readdir(join(path, IN_ROOT, 'pending'))).toEqual([id])
        expect(await readFile(join(path, IN_ROOT, 'format'), 'utf8')).toBe('2\n')
        const again = await openIn(path, { strategy: always(NOT_NOW) })
        expect((await again.pending()).map((intent) => intent.id)).toEqual([id])
      })
    })
    expect((await statusPorcelain()).filter((line) => line.includes('.kittify'))).toEqual([])
    expect(existsSync(join(path, '.git', 'kitty'))).toBe(false)
  })

  it('a completion says that the Op waits in the work tree, unless it is committed', async () => {
    const { path } = await newRepository()
    await asOrdinaryUser(path, async () => {
      await whileReadOnly(join(path, '.git'), async () => {
        const waiting = await openIn(path, { strategy: always(NOT_NOW) })
        const one = await waiting.start(REQUEST)
        expect(await one.complete(DONE)).toMatchObject({ state: 'in-work-tree' })
        const ops = await openIn(path, { strategy: committing() })
        const other = await ops.start(REQUEST)
        expect(await other.complete(DONE)).not.toHaveProperty('state')
      })
    })
  })

  it('git can refuse to remove a linked work tree that holds the only copy', async () => {
    const { path, git } = await newRepository()
    const linked = join(path, 'linked')
    await git('worktree', 'add', '--quiet', linked)
    await asOrdinaryUser(path, async () => {
      await whileReadOnly(join(path, '.git'), async () => {
        const ops = await openIn(linked)
        await ops.start(REQUEST)
        expect(await readdir(join(linked, IN_ROOT))).toEqual(['format', 'pending', 'started'])
      })
    })
    await expect(git('worktree', 'remove', linked)).rejects.toThrow('untracked files')
  })

  it('what was started before can be read and closed, and what was started there can be later', async () => {
    const { path } = await newRepository()
    await asOrdinaryUser(path, async () => {
      const before = await openIn(path, { strategy: committing() })
      const started: OpId[] = []
      const [{ id }, later] = [await before.start(REQUEST), await before.start(REQUEST)]
      await whileReadOnly(join(path, '.git'), async () => {
        const inside = await openIn(path, { strategy: committing() })
        expect((await inside.startNote(id))?.line).toContain(id)
        expect((await inside.complete(id, DONE)).commit.status).toBe('committed')
        const other = await inside.start(REQUEST)
        expect((await inside.startNote(other.id))?.line).toContain(other.id)
        started.push(other.id)
        expect((await inside.startNote(later.id))?.line).toContain(later.id)
        expect(await inside.resolveId(later.id)).toBe(later.id)
      })
      const outside = await openIn(path, { strategy: committing() })
      for (const each of [later.id, ...started])
        expect((await outside.complete(each, DONE)).commit.status).toBe('committed')
      expect(existsSync(join(path, IN_ROOT))).toBe(false)
    })
  })

  it('a note that can be removed there is removed when the Op is settled elsewhere', async () => {
    const { path } = await newRepository()
    const folder = await StateFolder.find(path)
    await folder.ensure()
    const inGit = folder.dir
    await asOrdinaryUser(path, async () => {
      const before = await openIn(path, { strategy: committing() })
      const { id } = await before.start(REQUEST)
      chmodSync(join(inGit, 'pending'), 0o555)
      const inside = await openIn(path, { strategy: committing() })
      const { id: other } = await inside.start(REQUEST)
      expect(await readdir(join(path, IN_ROOT, 'started'))).toContain(`${other}.json`)
      expect((await inside.complete(id, DONE)).commit.status).toBe('committed')
      expect(await readdir(join(inGit, 'started'))).toEqual([])
      chmodSync(join(inGit, 'pending'), 0o755)
    })
  })

  it('and neither can the root, an Op is refused', async () => {
    const { path } = await newRepository()
    await asOrdinaryUser(path, () =>
      whileReadOnly(path, async () => {
        const ops = await openIn(path)
        expect(await codeOf(ops.start(REQUEST))).toBe('NOT_WRITABLE')
      }),
    )
    expect((await readdir(path)).sort()).toEqual(['.git', 'README.md'])
  })
})

it('a file where the state folder belongs is an error, and no reason for another place', async () => {
  const { path } = await newRepository()
  await writeFile(join(path, '.git', 'kitty'), 'a file')
  const ops = await openIn(path)
  expect(await codeOf(ops.start(REQUEST))).toBe('NOT_A_FOLDER')
  expect(existsSync(join(path, '.kittify'))).toBe(false)
})

it('where only the work tree is mounted, the state is in it, and its records are visible', async () => {
  const { git } = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await git('worktree', 'add', '--quiet', linked)
  const pointer = await readFile(join(linked, '.git'), 'utf8')
  await writeFile(join(linked, '.git'), 'gitdir: /not/mounted/here\n')
  const inside = await openIn(linked, { strategy: always(NOT_NOW) })
  const { id, path: record } = await inside.start(REQUEST)
  expect(await inside.complete(id, DONE)).toMatchObject({ state: 'in-work-tree' })
  expect(await readdir(join(linked, IN_ROOT, 'pending'))).toEqual([id])
  await writeFile(join(linked, '.git'), pointer)
  const status = await gitIn(linked, ['status', '--porcelain', '--untracked-files=all'])
  expect(status).toContain(record)
  const outside = await openIn(linked, { strategy: committing() })
  expect((await outside.flush()).get(id)?.status).toBe('committed')
  expect(existsSync(join(linked, IN_ROOT))).toBe(false)
})
