import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import {
  ATTRIBUTES_PATH,
  type CommitRequest,
  type CommitResult,
  OPS_DIR,
  opIdOfName,
  readRegular,
  shellWord,
} from '@kitty/writer'
import { belowTop, splitPath } from '../git/paths.js'
import { blobId, type ObjectFormat } from '../objects/object.js'
import type { FileChange } from '../objects/tree-editor.js'
import { blobInHead, type HeadFolders } from '../repository/head-tree.js'
import { type IgnoreRule, ignoredResult } from '../repository/ignore.js'

/** A request with the bytes it is about, read once, so that all that follows means the same bytes. */
export type PlannedRequest = {
  readonly request: CommitRequest
  /** Paths relative to the top. The first is the record, for an Op. */
  readonly changes: readonly FileChange[]
}

const openRecord = (path: string): CommitResult => ({
  status: 'refused',
  code: 'OPEN_RECORD',
  message: `${path} is the record of an open Op; such a record is never committed.`,
  hint: 'Close the Op first: spec-kitty ops complete ID --outcome done (or failed, abandoned)',
})

const missing = (path: string): CommitResult => ({
  status: 'failed',
  code: 'FILE_MISSING',
  message: `${path} is not on disk any more.`,
  hint: 'Run: spec-kitty doctor ops --fix',
})

/** Whether it is a record: by its name and place, or as what an Op's request has first. */
const isRecord = (path: string, { kind, write }: CommitRequest): boolean =>
  (kind === 'op' && path === write[0]) ||
  (path.startsWith(`${OPS_DIR}/`) && opIdOfName(splitPath(path).name) !== undefined)

/** Reads what a request wants committed; refuses an open record whatever the caller believes. */
export const planRequest = async (
  request: CommitRequest,
  prefix: string,
): Promise<PlannedRequest | CommitResult> => {
  const changes: FileChange[] = []
  for (const path of request.write) {
    const bytes = await readRegular(join(request.root, path))
    if (bytes === undefined) return missing(path)
    const isOpen = isRecord(path, request) && parseOpRecord(bytes).status !== 'closed'
    if (isOpen) return openRecord(belowTop(prefix, path))
    changes.push({ path: belowTop(prefix, path), bytes })
  }
  for (const path of request.remove) {
    changes.push({ path: belowTop(prefix, path), remove: true })
  }
  return { request, changes }
}

/** Whether HEAD holds a change already. */
const isInHead = (change: FileChange, head: HeadFolders, format: ObjectFormat): boolean => {
  const blob = blobInHead(head, change.path)
  return 'remove' in change ? blob === undefined : blob === blobId(change.bytes, format)
}

/** Whether HEAD holds what matters of a request: the record of an Op, every move of an archive. */
export const isCommitted = (
  planned: PlannedRequest,
  head: HeadFolders,
  format: ObjectFormat,
): boolean => {
  const decisive = planned.request.kind === 'op' ? planned.changes.slice(0, 1) : planned.changes
  return decisive.every((change) => isInHead(change, head, format))
}

/** A note for each part of the evidence that HEAD holds not, though it holds the record. */
export const notCommitted = (
  { changes }: PlannedRequest,
  head: HeadFolders,
  format: ObjectFormat,
): readonly string[] =>
  changes
    .slice(1)
    .filter((change) => !change.path.endsWith(ATTRIBUTES_PATH) && !isInHead(change, head, format))
    .map(({ path }) => `${path} is not in that commit. To keep it: git add -- ${shellWord(path)}`)

/**
 * The changes that remain when git ignores some of the paths, with a note for each left out; or the
 * result, when it is the record itself, or any part of an archiving, that is ignored. `.gitattributes` is only ever added.
 */
export const withoutIgnored = (
  planned: PlannedRequest,
  head: HeadFolders,
  ignored: ReadonlyMap<string, IgnoreRule>,
): { changes: FileChange[]; notes: string[] } | CommitResult => {
  const notes: string[] = []
  const changes: FileChange[] = []
  for (const [position, change] of planned.changes.entries()) {
    const rule = ignored.get(change.path)
    const isNeeded = position === 0 || planned.request.kind === 'archive'
    // A move of which git takes only one half would be a loss.
    if (rule !== undefined && isNeeded) return ignoredResult(change.path, rule)
    const isAttributes = change.path.endsWith(ATTRIBUTES_PATH)
    if (rule !== undefined) {
      if (!isAttributes) notes.push(`${change.path} was left out: git ignores it (${rule.source}).`)
    } else if (!(isAttributes && blobInHead(head, change.path) !== undefined)) changes.push(change)
  }
  return { changes, notes }
}
