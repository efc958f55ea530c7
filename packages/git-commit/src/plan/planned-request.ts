import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import {
  type CommitRequest,
  type CommitResult,
  OPS_DIR,
  opIdOfName,
  readRegular,
} from '@kitty/writer'
import { splitPath, toTopPath } from '../git/paths.js'
import type { FileChange } from '../objects/tree-editor.js'
import { tryRead } from '../repository/head.js'

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
  hint: 'Close the Op first: spec-kitty ops complete ID --outcome done [or failed, abandoned]',
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

/** What is to be committed at a path; `isOpen` where it is the record of an Op that is not closed. */
type Content = { readonly bytes: Uint8Array; readonly isOpen: boolean }

/**
 * The record as it came along with its request. Only while a regular file of that length is there: of any other, and
 * of none, only reading tells what has become of it since.
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

/** Finds out what a request wants committed; refuses an open record whatever the caller believes. */
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
