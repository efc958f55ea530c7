// Part of step 5 of a close: changes a copy of the index without git, which takes longer than all the rest.
//
// Git trusts the recorded state of a file that is older than the index. So if there are files that changed in the second
// in which the index was written, or since, the copy keeps the time of the index: git still reads these files before it
// relies on their state. Git itself makes such an index current when it next writes it; here it does if there are many.
//
// Limits: git makes the change for removals, for more than `MAX_UNSURE` such files, on Windows (whose file times and
// numbers git reads in its own way), and for what `addFiles` leaves to it.

import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { shareLikeGit } from '@kitty/writer/internals'
import { addFiles, type IndexedFile } from '../git-index/add-files.js'
import { countChangedSince, parseIndex, type StatFields } from '../git-index/index-file-format.js'
import { blobId } from '../objects/object.js'
import { tryRead } from '../repository/head.js'
import {
  areTakenAsTheyAre,
  type FileToWrite,
  type IndexChange,
  isOwnPath,
} from './index-entries.js'

/** Above this number of files whose state git cannot rely on, git reads them and writes the index. */
const MAX_UNSURE = 256

/** If an index has the time 0, git relies on the state of every file. The time of the copy is a little earlier. */
const TRUSTED_BEFORE_MS = 2_000

const NANOSECONDS = 1_000_000_000n

/** The state of a file as git records it, if its content is this. */
const statOf = (path: string, bytes: Uint8Array): StatFields | undefined => {
  // Before its content is read: a later change is then noticed.
  const info = tryRead(() => lstatSync(path, { bigint: true }))
  if (!info?.isFile() || !tryRead(() => readFileSync(path))?.equals(bytes)) return undefined
  const times = [info.ctimeNs, info.mtimeNs].flatMap((time) => [
    time / NANOSECONDS,
    time % NANOSECONDS,
  ])
  return [...times, info.dev, info.ino, 0n, info.uid, info.gid, info.size].map((value) =>
    Number(BigInt.asUintN(32, value)),
  )
}

const filesOf = (change: IndexChange, written: readonly FileToWrite[]): IndexedFile[] => {
  const isReadByPath = areTakenAsTheyAre(change)
  return written.map(({ path, bytes }) => ({
    path,
    id: blobId(bytes, change.repoConfig.objectFormat),
    stat:
      isReadByPath && isOwnPath(path, change.prefix)
        ? statOf(join(change.top, path), bytes)
        : undefined,
  }))
}

/** Writes a new file without copying its parts into one buffer: an index can be large. */
const writeParts = (path: string, parts: readonly Buffer[]): void => {
  const file = openSync(path, 'wx')
  try {
    for (const part of parts) writeFileSync(file, part)
  } finally {
    closeSync(file)
  }
}

const writeCopy = (change: IndexChange, index: string, copy: string): boolean => {
  const written = change.changes.flatMap((each) => (each.kind === 'write' ? [each] : []))
  if (process.platform === 'win32' || written.length < change.changes.length) return false
  const { objectFormat } = change.repoConfig
  const { mtimeMs } = statSync(index)
  if (mtimeMs < TRUSTED_BEFORE_MS) return false
  const parsed = parseIndex(readFileSync(index), objectFormat === 'sha256' ? 32 : 20)
  if (parsed === undefined) return false
  const unsure = countChangedSince(parsed, Math.floor(mtimeMs / 1000))
  const parts =
    unsure > MAX_UNSURE ? undefined : addFiles(parsed, filesOf(change, written), objectFormat)
  if (parts === undefined) return false
  writeParts(copy, parts)
  shareLikeGit(copy)
  const time = (Math.floor(mtimeMs) - 1) / 1000
  if (unsure > 0) utimesSync(copy, time, time)
  return true
}

/**
 * Writes a changed copy of an index. Returns `false`, and leaves no copy, if git must do it. Caller must hold the index
 * lock.
 */
export const changeWithoutGit = (change: IndexChange, index: string, copy: string): boolean => {
  try {
    return writeCopy(change, index, copy)
  } catch {
    // Git reports what is wrong.
    rmSync(copy, { force: true })
    return false
  }
}
