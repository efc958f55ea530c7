import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { gitIn, newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tryLock } from '../../src/lock/lock-file.js'
import { selfOwner } from '../../src/lock/owner.js'
import { commitLockOf, type StateFolderPaths } from '../../src/project/state-dir.js'
import { readWorkTreeId } from '../../src/project/work-tree-id.js'
import { strategyFingerprint } from '../../src/state/intent.js'
import { createIntent, listIntents } from '../../src/state/intent-store.js'
import { listStartNotes, readStartNote, writeStartNote } from '../../src/state/start-notes.js'
import { StateFolder } from '../../src/state/state-folder.js'
import { removeEmptyState, removeGoneState, takeOverState } from '../../src/state/take-over.js'
import { DONE, deadOwner, openIn, REQUEST } from '../support/store.js'
import { always, committing, NOT_NOW } from '../support/strategies.js'

const isWindows = process.platform === 'win32'
const MEMORY = '/dev/shm'
// Needs a second file system.
const hasOtherDisk =
  process.platform === 'linux' &&
  existsSync(MEMORY) &&
  statSync(MEMORY).dev !== statSync('/tmp').dev

/** A state folder with its folders. */
const newState = async (): Promise<StateFolderPaths> => {
  const lockDir = await tempFolder()
  const dir = join(lockDir, 'root')
  for (const name of ['pending', 'started']) await mkdir(join(dir, name), { recursive: true })
  return { dir, lockDir }
}

const putNote = (dir: string, id: OpId, line = 'x\n'): Promise<void> =>
  writeStartNote(dir, id, { line }, 'process')

const putIntent = (dir: string, id: OpId, owner: string): Promise<boolean> =>
  createIntent(dir, {
    id,
    owner,
    ownedSince: Date.now(),
    ...strategyFingerprint(committing()),
    durability: 'process',
    evidence: [],
    bytes: Buffer.from('x'),
  })

const held = (state: StateFolderPaths) => {
  const lock = tryLock(commitLockOf(state))
  if (lock.kind !== 'held') throw new Error('The lock must be free.')
  return lock
}

describe('state that is taken over', () => {
  it('has the start notes and intents of all Ops, and leaves nothing behind', async () => {
    const [from, to] = [await newState(), await newState()]
    const [open, pending] = [newOpId(), newOpId()]
    await putNote(from.dir, open)
    await putNote(from.dir, pending)
    await putIntent(from.dir, pending, deadOwner())
    expect([...(await takeOverState(from, to.dir))].sort()).toEqual([open, pending].sort())
    expect(await listStartNotes(to.dir)).toEqual([open, pending].sort())
    expect(await listIntents(to.dir)).toEqual([pending])
    expect(existsSync(from.lockDir)).toBe(false)
  })

  it('is that of one Op if only one is asked for', async () => {
    const [from, to] = [await newState(), await newState()]
    const [one, other] = [newOpId(), newOpId()]
    for (const id of [one, other]) {
      await putNote(from.dir, id)
      await putIntent(from.dir, id, deadOwner())
    }
    expect(await takeOverState(from, to.dir, one)).toEqual([one])
    expect(await listIntents(from.dir)).toEqual([other])
    expect(await listStartNotes(from.dir)).toEqual([other])
  })

  it('is not that of an Op that a living process closes, or whose intent is torn', async () => {
    const [from, to] = [await newState(), await newState()]
    const [living, torn] = [newOpId(), newOpId()]
    for (const id of [living, torn]) await putNote(from.dir, id)
    await putIntent(from.dir, living, selfOwner())
    await writeFile(join(from.dir, 'pending', torn), '{"half')
    expect(await takeOverState(from, to.dir)).toEqual([])
    expect(await listStartNotes(from.dir)).toEqual([living, torn].sort())
    expect(await listIntents(from.dir)).toEqual([living, torn].sort())
  })

  it('does not replace what is there already', async () => {
    const [from, to] = [await newState(), await newState()]
    const id = newOpId()
    await putNote(from.dir, id, 'old\n')
    await putNote(to.dir, id, 'new\n')
    expect(await takeOverState(from, to.dir)).toEqual([id])
    expect(await readStartNote(to.dir, id)).toEqual({ line: 'new\n' })
    expect(existsSync(from.dir)).toBe(false)
  })

  it('stays where it is while another process holds its lock', async () => {
    const [from, to] = [await newState(), await newState()]
    const id = newOpId()
    await putNote(from.dir, id)
    const lock = held(from)
    expect(await takeOverState(from, to.dir)).toEqual([])
    expect(await listStartNotes(from.dir)).toEqual([id])
    lock.release()
    expect(await takeOverState(from, to.dir)).toEqual([id])
  })

  it('is not lost if it cannot be written', async () => {
    const from = await newState()
    const id = newOpId()
    await putNote(from.dir, id)
    const to = join(await tempFolder(), 'missing')
    await expect(takeOverState(from, to)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await listStartNotes(from.dir)).toEqual([id])
    expect(held(from).kind).toBe('held')
  })

  it.skipIf(!hasOtherDisk)('can come from another file system', async () => {
    const lockDir = await mkdtemp(join(MEMORY, 'kitty-test-'))
    onTestFinished(() => rm(lockDir, { recursive: true, force: true }))
    const from = { dir: join(lockDir, 'root'), lockDir }
    for (const name of ['pending', 'started'])
      await mkdir(join(from.dir, name), { recursive: true })
    const to = await newState()
    const id = newOpId()
    await putNote(from.dir, id, 'from afar\n')
    expect(await takeOverState(from, to.dir)).toEqual([id])
    expect(await readStartNote(to.dir, id)).toEqual({ line: 'from afar\n' })
    expect(existsSync(lockDir)).toBe(false)
  })

  it('keeps a folder with a file that this software does not know', async () => {
    const [from, to] = [await newState(), await newState()]
    await writeFile(join(from.dir, 'mine'), 'x')
    await takeOverState(from, to.dir)
    expect(await readFile(join(from.dir, 'mine'), 'utf8')).toBe('x')
  })
})

describe('the Ops of a folder that becomes a repository', () => {
  it('can be closed and committed there, and their records are hidden', async () => {
    const folder = await tempFolder()
    const outside = await openIn(folder, { strategy: always(NOT_NOW) })
    const open = await outside.start(REQUEST)
    const pending = await outside.start(REQUEST)
    await pending.complete(DONE)
    await gitIn(folder, ['init', '--quiet', '--template='])
    const strategy = committing()
    const ops = await openIn(folder, { strategy })
    expect((await ops.pending()).map(({ id }) => id)).toEqual([pending.id])
    expect((await ops.startNote(open.id))?.line).toContain(open.id)
    expect((await ops.flush()).get(pending.id)?.status).toBe('committed')
    expect(existsSync(join(folder, '.kittify', 'state'))).toBe(false)
    const visible = await gitIn(folder, ['ls-files', '--others', '--exclude-standard'])
    expect(visible).not.toContain(open.id)
    expect(visible).toContain(pending.id)
    expect((await ops.complete(open.id, DONE)).commit.status).toBe('committed')
  })

  it('are found in the first place where a repository had its state', async () => {
    const { path } = await newRepository()
    const id = newOpId()
    const first = join(path, '.git', 'kitty', 'root')
    for (const name of ['pending', 'started']) await mkdir(join(first, name), { recursive: true })
    await putNote(first, id, `${id}\n`)
    const ops = await openIn(path)
    expect((await ops.startNote(id))?.line).toBe(`${id}\n`)
    await ops.start(REQUEST)
    expect(existsSync(first)).toBe(false)
    expect((await ops.startNote(id))?.line).toBe(`${id}\n`)
  })
})

describe('the state of a work tree that is gone', () => {
  const goneState = async () => {
    const commonDir = await tempFolder()
    const id = newOpId()
    const lockDir = join(commonDir, 'kitty', 'trees', id)
    const dir = join(lockDir, 'root')
    for (const name of ['pending', 'started']) await mkdir(join(dir, name), { recursive: true })
    await writeFile(join(lockDir, 'path'), '/gone\n')
    await writeFile(join(dir, 'root'), '\n')
    return { commonDir, id, dir, lockDir }
  }

  it('is removed if it holds no Op', async () => {
    const { commonDir, id, lockDir } = await goneState()
    expect(await removeEmptyState(commonDir, id)).toBe(true)
    expect(existsSync(lockDir)).toBe(false)
    expect(await removeEmptyState(commonDir, id)).toBe(true)
  })

  it('is removed after a crash left a lock', async () => {
    const { commonDir, id, lockDir } = await goneState()
    const tokens = join(lockDir, 'tokens')
    await mkdir(tokens)
    const lock = held({ dir: lockDir, lockDir })
    const [name = ''] = await readdir(tokens)
    await rename(join(tokens, name), join(tokens, name.replace(selfOwner(), deadOwner())))
    expect(await removeEmptyState(commonDir, id)).toBe(true)
    lock.release()
  })

  it('stays while it holds an Op', async () => {
    const { commonDir, id, dir } = await goneState()
    const op = newOpId()
    await putNote(dir, op)
    expect(await removeEmptyState(commonDir, id)).toBe(false)
    expect(await listStartNotes(dir)).toEqual([op])
  })

  it('stays while a process holds its lock, or other software made the lock', async () => {
    const { commonDir, id, lockDir } = await goneState()
    const lock = held({ dir: lockDir, lockDir })
    expect(await removeEmptyState(commonDir, id)).toBe(false)
    lock.release()
    await writeFile(join(lockDir, 'commit.lock'), 'other software')
    expect(await removeEmptyState(commonDir, id)).toBe(false)
    expect(await readFile(join(lockDir, 'path'), 'utf8')).toBe('/gone\n')
  })

  it('stays if the lock cannot be created, and nothing fails', async () => {
    const { dir, lockDir } = await goneState()
    await writeFile(join(lockDir, 'tokens'), 'a file')
    removeGoneState({ dir, lockDir })
    expect(existsSync(dir)).toBe(true)
  })

  it('is removed when the next work tree gets its state, unless it holds an Op', async () => {
    const { path, git } = await newRepository()
    const add = async (name: string) => {
      const top = join(await tempFolder(), name)
      await git('worktree', 'add', '--quiet', top)
      const folder = await StateFolder.find(top)
      await folder.ensure()
      return { top, dir: folder.dir }
    }
    const [empty, used] = [await add('empty'), await add('used')]
    const id = newOpId()
    await putNote(used.dir, id)
    for (const { top } of [empty, used]) await git('worktree', 'remove', '--force', top)
    await add('next')
    expect(existsSync(empty.dir)).toBe(false)
    expect(await listStartNotes(used.dir)).toEqual([id])
    expect(readWorkTreeId(join(path, '.git'))).toBeUndefined()
  })
})

// Windows has no modes.
it.skipIf(isWindows)(
  'state that is taken over in a shared repository can be read by its group',
  async () => {
    const folder = await tempFolder()
    const before = process.umask(0o077)
    try {
      const outside = await openIn(folder)
      const { id } = await outside.start(REQUEST)
      await gitIn(folder, ['init', '--quiet', '--template=', '--shared=group'])
      const state = await StateFolder.find(folder)
      await state.ensure()
      const mode = statSync(join(state.dir, 'started', `${id}.json`)).mode
      expect(mode & 0o060).toBe(0o060)
    } finally {
      process.umask(before)
    }
  },
)

it.skipIf(isWindows)('state is not taken over through a symbolic link', async () => {
  const { path } = await newRepository()
  const elsewhere = await newState()
  const id = newOpId()
  await putNote(elsewhere.dir, id)
  await mkdir(join(path, '.kittify'))
  await symlink(elsewhere.dir, join(path, '.kittify', 'state'))
  const ops = await openIn(path)
  await ops.start(REQUEST)
  expect(await listStartNotes(elsewhere.dir)).toEqual([id])
  expect(await ops.startNote(id)).toBeUndefined()
})

it('state that another process has taken over and removed meanwhile is no error', async () => {
  const [from, to] = [await newState(), await newState()]
  await rm(from.lockDir, { recursive: true })
  expect(await takeOverState(from, to.dir)).toEqual([])
})
