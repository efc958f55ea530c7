import { basename } from 'node:path/posix'
import { KittyError, type OpId, parseOpRecord } from '@kitty/record'
import type { Places } from '../command/listed-op.js'
import type { InLedgers } from './in-ledgers.js'

/** The records in HEAD, by Op: the ids of their blobs. */
export type InHead = ReadonlyMap<OpId, { readonly path: string; readonly blob: string }>

/**
 * Finds the records in HEAD, of this store and of the others in this work tree; of two for one Op, that of this store
 * counts, and of those the hot one. Returns none if git fails.
 */
export const readInHead = async (root: string): Promise<InHead> => {
  const { recordsInHead, recordsOfOtherStores } = await import('@kitty/git-commit/inspect')
  const { opIdOfName, recordPath } = await import('@kitty/writer/internals')
  const found = new Map<OpId, { readonly path: string; readonly blob: string }>()
  const none = (error: unknown): undefined => {
    if (!(error instanceof KittyError)) throw error
  }
  const own = (await recordsInHead(root).catch(none)) ?? new Map<string, string>()
  const others = (await recordsOfOtherStores(root).catch(none)) ?? new Map<string, string>()
  for (const records of [own, others]) {
    const ofStore = new Map<OpId, { readonly path: string; readonly blob: string }>()
    for (const [path, blob] of records) {
      const id = opIdOfName(basename(path))
      if (id !== undefined && (path === recordPath(id) || !ofStore.has(id)))
        ofStore.set(id, { path, blob })
    }
    for (const [id, place] of ofStore) if (!found.has(id)) found.set(id, place)
  }
  return found
}

/** What is known of an Op outside of git: its record on the disk of a work tree, and what its state keeps. */
export type Known = { readonly disk?: Buffer | undefined; readonly state?: Buffer | undefined }

const isClosed = (bytes: Buffer): boolean => parseOpRecord(bytes).status === 'closed'

/** Whether one is an earlier state of the other: the record while the Op was open. */
const isEarlier = (one: Buffer, other: Buffer): boolean =>
  other.subarray(0, one.length).equals(one) && !isClosed(one)

const differ = (one: Buffer, other: Buffer): boolean =>
  !(one.equals(other) || isEarlier(one, other) || isEarlier(other, one))

/** Whether the record is open on the disk, but closed in another place. */
const isOnlyOpenOn = (disk: Buffer | undefined, versions: readonly Buffer[]): boolean =>
  disk !== undefined && versions.some((other) => isEarlier(disk, other) && isClosed(other))

const hasConflict = (versions: readonly Buffer[]): boolean =>
  versions.some((one, number) => versions.slice(number + 1).some((other) => differ(one, other)))

/** Finds where the records of Ops are, and whether the places agree. */
export const placesOf = async (
  root: string,
  ops: ReadonlyMap<OpId, Known>,
  head: InHead,
  { copies }: InLedgers,
): Promise<ReadonlyMap<OpId, Places>> => {
  const { isBlob, readBlobs } = await import('@kitty/git-commit/inspect')
  const known = [...ops].map(([id, { disk, state }]) => {
    const inLedgers = copies.get(id) ?? []
    const versions = [disk, state, ...inLedgers.map(({ bytes }) => bytes)]
    const blob = head.get(id)?.blob
    const others = versions.filter((bytes) => bytes !== undefined)
    // The usual case: HEAD has the bytes of every other place, and need not be read.
    const isUnlike = blob !== undefined && !others.every((bytes) => isBlob(blob, bytes))
    return { id, disk, inLedgers, others, blob, toRead: isUnlike ? [blob] : [] }
  })
  const blobs = await readBlobs(
    root,
    known.flatMap(({ toRead }) => toRead),
  )
  return new Map(
    known.map(({ id, disk, inLedgers, others, blob, toRead }) => {
      const [first] = inLedgers
      const versions = [...others, ...toRead.flatMap((each) => blobs.get(each) ?? [])]
      const conflict = isOnlyOpenOn(disk, versions) || hasConflict(versions)
      const places: Places = {
        in: [
          ...(disk === undefined ? [] : (['disk'] as const)),
          ...(blob === undefined ? [] : (['head'] as const)),
          ...(first === undefined ? [] : (['ledger'] as const)),
        ],
        ...(first && { writer: first.ledger.writer }),
        ...(conflict && { conflict }),
      }
      return [id, places]
    }),
  )
}
