import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOpId, KittyError, newOpId } from '@kitty/record'
import { type LockPaths, replaceFile, sharedFolderOf, waitForLock } from '@kitty/writer/internals'
import { isObjectId } from '../objects/object.js'

// What a clone knows about its own ledger, in the common git directory: its writer, a ULID that is made once, and the
// last tip that this clone gave to the ref. If the ref no longer contains that tip, someone rewound it.

const writerPath = (commonDir: string): string => join(sharedFolderOf(commonDir), 'writer')

const tipPath = (commonDir: string): string => join(sharedFolderOf(commonDir), 'ledger-tip')

const lineOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Returns the writer of this clone, a ULID, or `undefined` if it has none yet. */
export const readOwnWriter = (commonDir: string): string | undefined => {
  const writer = lineOf(writerPath(commonDir))
  return isOpId(writer) ? writer : undefined
}

/** The lock under which a ledger changes. */
export const ledgerLockOf = (commonDir: string): LockPaths => {
  const folder = sharedFolderOf(commonDir)
  return { path: join(folder, 'ledger.lock'), tokens: join(folder, 'tokens') }
}

/**
 * Returns the writer of this clone. If there is none, makes one under the lock of the ledger, so that two processes never
 * make two. Throws `LOCK_TIMEOUT`, and what writing throws.
 */
export const ensureOwnWriter = async (commonDir: string, timeoutMs: number): Promise<string> => {
  const known = readOwnWriter(commonDir)
  if (known !== undefined) return known
  const lock = await waitForLock(ledgerLockOf(commonDir), { timeoutMs })
  if (lock.kind !== 'held') {
    throw new KittyError(
      'LOCK_TIMEOUT',
      'Another process has been changing the ledger for too long.',
      {
        hint: 'Try again in a moment.',
      },
    )
  }
  try {
    return readOwnWriter(commonDir) ?? (await renewOwnWriter(commonDir))
  } finally {
    lock.release()
  }
}

/** Gives this clone another writer. The ledger of the old one stays. Throws what writing throws. */
export const renewOwnWriter = async (
  commonDir: string,
  writer: string = newOpId(),
): Promise<string> => {
  await replaceFile(writerPath(commonDir), `${writer}\n`, 'power')
  return writer
}

/** Returns the last tip that this clone gave to the ledger of a writer, or `undefined` if it has not noted one. */
export const readNotedTip = (commonDir: string, writer: string): string | undefined => {
  const [notedWriter, tip = ''] = lineOf(tipPath(commonDir))?.split(' ') ?? []
  return notedWriter === writer && isObjectId(tip) ? tip : undefined
}

/**
 * Notes the tip that the ledger of a writer has now. Throws what writing throws. The note always has the same length, so
 * one write replaces it in place; a new file would take longer.
 */
export const noteTip = async (commonDir: string, writer: string, tip: string): Promise<void> => {
  const path = tipPath(commonDir)
  const note = `${writer} ${tip}\n`
  const info = lstatSync(path, { throwIfNoEntry: false })
  if (info?.isFile() && info.size === note.length) writeFileSync(path, note, { flag: 'r+' })
  else await replaceFile(path, note, 'process')
}

/** Forgets the noted tip. Throws what removing a file throws. */
export const forgetTip = (commonDir: string): void => rmSync(tipPath(commonDir), { force: true })
