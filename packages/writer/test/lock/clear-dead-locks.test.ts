import { link, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { clearDeadLocks, lockNamesIn } from '../../src/lock/clear-dead-locks.js'
import { type LockPaths, tryLock } from '../../src/lock/lock-file.js'
import { deadOwner } from '../support/store.js'

/** A folder of locks with names of their own, whose tokens are in one folder. */
const newFolder = async () => {
  const folder = await tempFolder()
  const tokens = join(folder, 'tokens')
  await mkdir(tokens)
  const lockOf = (name: string): LockPaths => ({ path: join(folder, `${name}.lock`), tokens, name })
  /** Leaves a token, as a process that died does. */
  const leaveToken = async (name: string, digit: string): Promise<string> => {
    const token = join(tokens, `${name}.${deadOwner()}.${digit.repeat(32)}`)
    await writeFile(token, digit.repeat(32))
    return token
  }
  return { folder, tokens, lockOf, leaveToken, clear: () => clearDeadLocks(tokens, lockOf) }
}

it('clears every lock of a dead owner, by the name of its token, and the token', async () => {
  const { folder, tokens, lockOf, leaveToken, clear } = await newFolder()
  for (const [name, digit] of [
    ['refs%2Fheads%2Fv1.2', 'a'],
    ['HEAD', 'b'],
  ] as const) {
    await link(await leaveToken(name, digit), lockOf(name).path)
  }
  expect(lockNamesIn(tokens).toSorted()).toEqual(['HEAD', 'refs%2Fheads%2Fv1.2'])
  clear()
  expect(await readdir(folder)).toEqual(['tokens'])
  expect(await readdir(tokens)).toEqual([])
})

it('leaves the lock of another process, of whatever content, and removes the token of the dead', async () => {
  const { tokens, lockOf, leaveToken, folder, clear } = await newFolder()
  for (const [at, content] of ['', 'c'.repeat(32), 'd'.repeat(40)].entries()) {
    await leaveToken(`ref${at}`, 'a')
    await writeFile(lockOf(`ref${at}`).path, content)
  }
  clear()
  expect(await readdir(folder)).toEqual(['ref0.lock', 'ref1.lock', 'ref2.lock', 'tokens'])
  expect(await readdir(tokens)).toEqual([])
})

it('leaves the lock and the token of a living process, and files that are no tokens', async () => {
  const { tokens, lockOf, folder, clear } = await newFolder()
  await writeFile(join(tokens, 'note.txt'), '')
  const lock = tryLock(lockOf('HEAD'))
  if (lock.kind !== 'held') throw new Error(lock.kind)
  clear()
  expect(await readdir(folder)).toEqual(['HEAD.lock', 'tokens'])
  expect(await readdir(tokens)).toHaveLength(2)
  lock.release()
  expect(await readdir(tokens)).toEqual(['note.txt'])
  expect(lockNamesIn(join(folder, 'nothing'))).toEqual([])
})

it('leaves the lock of a ref whose name is the start of another one, and takes no token for its own', async () => {
  const { tokens, lockOf } = await newFolder()
  // Tokens of one process are links to the same file.
  const longer = tryLock(lockOf('refs%2Fheads%2Fa.b'))
  if (longer.kind !== 'held') throw new Error(longer.kind)
  const [token = ''] = await readdir(tokens)
  const { path } = lockOf('refs%2Fheads%2Fa')
  await link(join(tokens, token), path)
  expect(tryLock(lockOf('refs%2Fheads%2Fa'))).toEqual({ kind: 'foreign' })
  longer.release()
  expect(await readdir(dirname(path))).toEqual(['refs%2Fheads%2Fa.lock', 'tokens'])
})
