import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import { archivedPath, type CommitResult, opIdOfName, recordPath } from '@kitty/writer'
import { isResult } from '../git/result.js'
import { type FileChange, splitPath } from '../objects/file-change.js'
import { blobId } from '../objects/object.js'
import { blobInHead } from '../repository/head-tree.js'
import { objectReader } from '../repository/object-reader.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { belowTop, type PlannedRequest } from './planned-request.js'
import type { Situation } from './repo-state.js'

/** Where a record may lie, hot or archived, relative to the root; none for what is no record in its place. */
const placesOf = ({ path }: FileChange, prefix: string): readonly string[] => {
  const id = opIdOfName(splitPath(path).name)
  const places = id === undefined ? [] : [recordPath(id), archivedPath(id)]
  return places.some((place) => belowTop(prefix, place) === path) ? places : []
}

/**
 * The other place of a record as well, below the top, where the disk has its folder: a month of which nothing
 * was archived need not be looked up in HEAD.
 */
export const otherPlaces = (change: FileChange, { top, prefix }: WorkTreeState): string[] =>
  placesOf(change, prefix)
    .map((place) => belowTop(prefix, place))
    .filter((path) => path !== change.path && existsSync(join(top, splitPath(path).folder)))

const closedInHead = (path: string, place: string): CommitResult => ({
  status: 'refused',
  code: 'CLOSED_IN_HEAD',
  message: `HEAD holds ${path} closed, with other bytes; a closed record never changes.`,
  hint: `Run: spec-kitty doctor ops. To have the committed version back: git checkout HEAD -- ${place}`,
})

const judge = async (
  change: FileChange & { readonly bytes: Uint8Array },
  { state, head, facts }: Situation,
): Promise<CommitResult | undefined> => {
  for (const place of placesOf(change, state.prefix)) {
    const path = belowTop(state.prefix, place)
    const blob = blobInHead(head, path)
    if (blob === undefined || blob === blobId(change.bytes, facts.objectFormat)) continue
    const found = await objectReader(state)([blob])
    if (isResult(found)) return found
    const { status } = parseOpRecord(found.get(blob)?.bytes ?? new Uint8Array())
    if (status === 'closed') return closedInHead(path, place)
  }
  return undefined
}

/** Refuses what would change a record that HEAD holds closed; of HEAD, only such a record is read. */
export const refuseClosed = async (
  { changes }: PlannedRequest,
  at: Situation,
): Promise<CommitResult | undefined> => {
  for (const change of changes) {
    const refused = 'remove' in change ? undefined : await judge(change, at)
    if (refused !== undefined) return refused
  }
  return undefined
}
