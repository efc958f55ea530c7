import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import type { CommitRequest, CommitResult } from '@kitty/writer'
import { OPS_DIR, opIdOfName, readRegular } from '@kitty/writer/internals'
import { splitPath, toTopPath } from '../git/paths.js'
import type { FileChange } from '../objects/tree-editor.js'
import { tryRead } from '../repository/head.js'

/** A request with the content to commit, read once so that every later step uses the same bytes. */
export type PlannedRequest = {
  readonly request: CommitRequest
  /** Paths are relative to the top. For an Op, the first is its record. */
  readonly changes: readonly FileChange[]
}

const openRecord = (path: string): CommitResult => ({
  status: 'refused',
  code: 'OPEN_RECORD',
  message: `${path} is an open Op's record, which is never committed.`,
  hint: 'Close the Op first.',
})

const missing = (path: string): CommitResult => ({
  status: 'failed',
  code: 'FILE_MISSING',
  message: `${path} is no longer on disk.`,
  hint: 'Restore the file, then commit the Op again.',
})

/** Whether a path is a record: by its name and folder, or as the first path of an Op's request. */
const isRecord = (path: string, { kind, write }: CommitRequest): boolean =>
  (kind === 'op' && path === write[0]) ||
  (path.startsWith(`${OPS_DIR}/`) && opIdOfName(splitPath(path).name) !== undefined)

/** The content to commit at a path. `isOpen` if it is the record of an Op that is not closed. */
type Content = { readonly bytes: Uint8Array; readonly isOpen: boolean }

/**
 * Returns the record's bytes from the request, if a regular file of that length is on disk; else `undefined`, and
 * the file must be read to see what has changed since.
 */
const givenRecord = (request: CommitRequest, path: string): Content | undefined => {
  const { kind, root, write, op, bytes } = request
  if (kind !== 'op' || path !== write[0] || op === undefined || bytes === undefined)
    return undefined
  const info = tryRead(() => lstatSync(join(root, path)))
  const isThere = info?.isFile() === true && info.size === bytes.length
  return isThere ? { bytes, isOpen: op.status !== 'closed' } : undefined
}

const readContent = async (request: CommitRequest, path: string): Promise<Content | undefined> => {
  const bytes = await readRegular(join(request.root, path))
  if (bytes === undefined) return undefined
  return { bytes, isOpen: isRecord(path, request) && parseOpRecord(bytes).status !== 'closed' }
}

/** Reads what a request wants to commit. Refuses an open record, whatever the request says about it. */
export const planRequest = async (
  request: CommitRequest,
  prefix: string,
): Promise<PlannedRequest | CommitResult> => {
  const changes: FileChange[] = []
  for (const path of request.write) {
    const content = givenRecord(request, path) ?? (await readContent(request, path))
    if (content === undefined) return missing(path)
    if (content.isOpen) return openRecord(toTopPath(prefix, path))
    changes.push({ path: toTopPath(prefix, path), bytes: content.bytes })
  }
  for (const path of request.remove) {
    changes.push({ path: toTopPath(prefix, path), remove: true })
  }
  return { request, changes }
}
