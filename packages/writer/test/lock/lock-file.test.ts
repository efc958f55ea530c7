import {
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type LockPaths, tryLock } from '../../src/lock/lock-file.js'
import { selfOwner } from '../../src/lock/owner.js'
import { waitForLock } from '../../src/lock/wait-for-lock.js'

const newPlace = async (): Promise<LockPaths> => {
  const folder = await tempFolder()
  return { path: join(folder, 'index.lock'), tokens: join(folder, 'tokens') }
}

const held = (place: LockPaths) => {
  const answer = tryLock(place)
  if (answer.kind !== 'held') throw new Error(`not held: ${answer.kind}`)
  return answer
}

/** Leaves a lock as a killed process does: with the token of another owner. */
const leaveLockOf = async (place: LockPaths, owner: string): Promise<void> => {
  const nonce = 'ab'.repeat(16)
  await mkdir(place.tokens, { recursive: true })
  const token = join(place.tokens, `index.lock.${owner}.${nonce}`)
  await writeFile(token, nonce)
  await link(token, place.path)
}

// A process id that Linux never uses, with this machine's host, boot and namespace.
const deadOwner = (): string => selfOwner().replace(/^\d+-\w+/, '99999999-1')

/** Removes the folders of a lock whenever they are empty, in another thread. */
const keepRemoving = ({ tokens }: LockPaths): void => {
  const code = `
    const { rmdirSync } = require('node:fs')
    const { dirname } = require('node:path')
    const { tokens } = require('node:worker_threads').workerData
    const tryRemove = (folder) => { try { rmdirSync(folder) } catch {} }
    for (;;) { tryRemove(tokens); tryRemove(dirname(tokens)) }`
  const remover = new Worker(code, { eval: true, workerData: { tokens } })
  onTestFinished(() => remover.terminate().then(() => undefined))
}

describe('a lock file', () => {
  it('is acquired although another process removes its empty folder again and again', async () => {
    const folder = join(await tempFolder(), 'state')
    const place = { path: join(folder, 'index.lock'), tokens: join(folder, 'tokens') }
    keepRemoving(place)
    for (let times = 0; times < 200; times += 1) {
      const lock = await waitForLock(place, { timeoutMs: 20_000 })
      expect(lock).toMatchObject({ kind: 'held' })
      if (lock.kind === 'held') lock.release()
    }
  })

  it('is held by one owner at a time, and leaves nothing behind', async () => {
    const place = await newPlace()
    const first = held(place)
    expect(tryLock(place)).toEqual({ kind: 'busy' })
    first.release()
    const second = held(place)
    second.release()
    expect(await readdir(place.tokens)).toEqual([])
    await expect(readFile(place.path)).rejects.toThrow('ENOENT')
  })

  it('has a token as old as the lock, even if the process has held another one for long', async () => {
    const [first, second] = [await newPlace(), await newPlace()]
    const other = { ...second, tokens: first.tokens, name: 'other' }
    held(first)
    const [old = ''] = await readdir(first.tokens)
    await utimes(join(first.tokens, old), 1, 1)
    held(other)
    const [token = ''] = (await readdir(first.tokens)).filter((name) => name !== old)
    expect((await stat(join(first.tokens, token))).mtimeMs).toBeGreaterThan(1000)
  })

  it('that could not be released is released when the same process wants it again', async () => {
    const top = await tempFolder()
    const [folder, away] = [join(top, 'folder'), join(top, 'away')]
    await mkdir(folder)
    const place = { path: join(folder, 'index.lock'), tokens: join(folder, 'tokens') }
    const lock = held(place)
    await rename(folder, away)
    // A link to itself, which nothing can follow.
    await symlink(folder, folder, 'junction')
    lock.release()
    await unlink(folder)
    await rename(away, folder)
    expect(await readdir(folder)).toContain('index.lock')
    held(place).release()
    expect(await readdir(place.tokens)).toEqual([])
  })

  it('of other software is never touched', async () => {
    const place = await newPlace()
    for (const content of ['', 'DIRC of a git that was killed', 'ab'.repeat(16)]) {
      await writeFile(place.path, content)
      expect(tryLock(place)).toEqual({ kind: 'foreign' })
      expect(await readFile(place.path, 'utf8')).toBe(content)
    }
  })

  it.each(['', '\0'.repeat(32)])(
    'of a dead process is taken over even if it lost its content',
    async (content) => {
      const place = await newPlace()
      await leaveLockOf(place, deadOwner())
      await writeFile(place.path, content)
      held(place).release()
      expect(await readdir(place.tokens)).toEqual([])
    },
  )

  it('of a dead process is taken over', async () => {
    const place = await newPlace()
    await leaveLockOf(place, deadOwner())
    const lock = held(place)
    lock.release()
    expect(await readdir(place.tokens)).toEqual([])
  })

  it('of a process of unknown liveness is respected', async () => {
    const place = await newPlace()
    await leaveLockOf(place, '1-x-0000aaaa-0000bbbb-x')
    expect(tryLock(place)).toEqual({ kind: 'busy' })
  })

  it('that another owner has taken over is not released', async () => {
    const place = await newPlace()
    const lock = held(place)
    await writeFile(`${place.path}.new`, 'somebody else')
    await rename(`${place.path}.new`, place.path)
    lock.release()
    expect(await readFile(place.path, 'utf8')).toBe('somebody else')
  })

  it('of a dead process goes to exactly one of many that want it', async () => {
    const place = await newPlace()
    await leaveLockOf(place, deadOwner())
    const answers = Array.from({ length: 20 }, () => tryLock(place))
    expect(answers.filter((answer) => answer.kind === 'held')).toHaveLength(1)
  })
})

describe('waiting for a lock', () => {
  it('ends when the lock is free', async () => {
    const place = await newPlace()
    const first = held(place)
    const waiting = waitForLock(place, { timeoutMs: 10_000 })
    first.release()
    expect(await waiting).toMatchObject({ kind: 'held' })
  })

  it('ends at the timeout', async () => {
    const place = await newPlace()
    await writeFile(place.path, '')
    expect(await waitForLock(place, { timeoutMs: 30 })).toEqual({ kind: 'foreign' })
  })

  it('ends when the lock is no longer needed', async () => {
    const place = await newPlace()
    const first = held(place)
    const answer = await waitForLock(place, { timeoutMs: 60_000, until: async () => true })
    expect(answer).toEqual({ kind: 'busy' })
    first.release()
  })

  it('lets many owners acquire it, one after the other', async () => {
    const place = await newPlace()
    let inside = 0
    let most = 0
    const visit = async (): Promise<void> => {
      const lock = await waitForLock(place, { timeoutMs: 60_000 })
      if (lock.kind !== 'held') throw new Error(lock.kind)
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setTimeout(resolve, 1))
      inside -= 1
      lock.release()
    }
    await Promise.all(Array.from({ length: 30 }, visit))
    expect(most).toBe(1)
  })
})
