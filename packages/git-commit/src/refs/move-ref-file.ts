import { appendFileSync, existsSync, lstatSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Durability } from '@kitty/writer'
import { shareLikeGit, tryUnlink, writeNewFile } from '@kitty/writer/internals'
import { makeFolder } from '../objects/loose.js'
import { tryRead } from '../repository/head.js'
import { lockRefs, refDraftPath } from './ref-locks.js'

/** A move of a ref that is a file, to be made as git makes it. All files are in the common git directory. */
export type RefFileMove = {
  readonly commonDir: string
  /** The file of the ref. */
  readonly file: string
  /** The file of HEAD if HEAD names the ref: it is locked, too, so that HEAD does not change meanwhile. */
  readonly head?: string
  /** The reflogs that get the entry. */
  readonly logs: readonly string[]
  /** Where the ref is now: all zeros if it does not exist. */
  readonly from: string
  readonly to: string
  /** Who moves it, and when, as git writes it. */
  readonly committer: string
  /** The message for the reflogs. */
  readonly message: string
  readonly durability: Durability
  /** Called under the locks: whether the ref is still where it was read. */
  readonly isUnchanged: () => Promise<boolean>
}

/** As git does: what its `isspace` knows becomes one space. */
const asOneLine = (message: string): string =>
  message.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '')

const log = (path: string, entry: string): void => {
  const isNew = !existsSync(path)
  if (isNew) makeFolder(dirname(path))
  appendFileSync(path, `${entry}\n`)
  if (isNew) shareLikeGit(path)
}

const moveUnderLocks = async (
  { file, logs, from, to, committer, message, isUnchanged }: RefFileMove,
  draft: string,
): Promise<'moved' | 'changed'> => {
  if (!(await isUnchanged())) return 'changed'
  const entry = `${from} ${to} ${committer}\t${asOneLine(message)}`
  for (const path of logs) log(path, entry)
  renameSync(draft, file)
  return 'moved'
}

/** Whether one can be renamed into the other. `refs` can be a symbolic link. */
const isOnSameDisk = (file: string, folder: string): boolean =>
  statSync(file).dev === statSync(folder).dev

/**
 * Moves a ref that is a file as git does: under its lock, and with a line in its reflogs. This saves a process, and a
 * crash leaves no lock of unknown origin. Returns `changed` if the ref is no longer where it was read, and `undefined`
 * if git must do it: another process holds a lock, or refs are on another file system. Throws system errors.
 */
export const moveRefFile = async (move: RefFileMove): Promise<'moved' | 'changed' | undefined> => {
  const { commonDir, file, head, to, durability } = move
  const draft = refDraftPath(commonDir)
  try {
    // Before the locks are taken, because syncing takes longer than all the rest.
    await writeNewFile(draft, `${to}\n`, durability)
    // A packed ref has no folder.
    makeFolder(dirname(file))
    if (!isOnSameDisk(draft, dirname(file))) return undefined
    const locks = lockRefs(commonDir, head === undefined ? [file] : [head, file])
    return await (locks && moveUnderLocks(move, draft).finally(locks.release))
  } finally {
    tryUnlink(draft)
  }
}

/** Whether a ref is, or would be, a file with nothing but an id. False if it vanishes now, as `git pack-refs` does it. */
export const isPlainRef = (commonDir: string, file: string): boolean => {
  if (existsSync(join(commonDir, 'reftable'))) return false
  const info = tryRead(() => lstatSync(file))
  const text = info?.isFile() ? tryRead(() => readFileSync(file, 'utf8')) : undefined
  return info === undefined || text?.startsWith('ref:') === false
}
