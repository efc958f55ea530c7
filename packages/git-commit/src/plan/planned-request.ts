import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import {
  type CommitRequest,
  type CommitResult,
  OPS_DIR,
  opIdOfName,
  readRegular,
} from '@kitty/writer'
import { belowTop, splitPath } from '../git/paths.js'
import type { FileChange } from '../objects/tree-editor.js'

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
