import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import { type CommitRequest, type CommitResult, requestPaths } from '@kitty/writer'
import { asClosedBeside, OPS_DIR, opIdOfName, readRegular } from '@kitty/writer/internals'
import { splitPath, toTopPath } from '../git/paths.js'
import { ok, type Result, stop } from '../git/result.js'
import type { FileChange } from '../objects/tree-editor.js'
import { tryRead } from '../repository/head.js'

/**
 * A request with the content to commit, read once so that every later step uses the same bytes. Paths are relative to
 * the top.
 */
export type PlannedRequest = {
  readonly request: CommitRequest
  /** What HEAD must hold for the request to be committed: the record of an Op, or every change of another request. */
  readonly needed: readonly FileChange[]
  /** What an Op's commit can do without. */
  readonly extras: readonly FileChange[]
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

/** Whether a path is a record: by its name and folder, or as the record of an Op's request. */
const isRecord = (path: string, request: CommitRequest): boolean =>
  (request.kind === 'op' && path === request.record.path) ||
  (path.startsWith(`${OPS_DIR}/`) && opIdOfName(splitPath(path).name) !== undefined)

/** The content to commit at a path. `isOpen` if it is the record of an Op that is not closed. */
type Content = { readonly bytes: Uint8Array; readonly isOpen: boolean }

/**
 * Returns the record's bytes from the request, if a regular file of that length is on disk; else `undefined`, and
 * the file must be read to see what has changed since.
 */
const givenRecord = (root: string, request: CommitRequest, path: string): Content | undefined => {
  if (request.kind !== 'op' || path !== request.record.path) return undefined
  const { bytes, parsed } = request.record
  const info = tryRead(() => lstatSync(join(root, path)))
  const isThere = info?.isFile() === true && info.size === bytes.length
  return isThere
    ? { bytes, isOpen: parsed.status !== 'closed' || parsed.beside === true }
    : undefined
}

/** A record that moves to the archive can be closed by `op-closures.jsonl`; an Op's own commit closes it itself. */
const isOpen = (root: string, { kind }: CommitRequest, bytes: Buffer): boolean => {
  const record = parseOpRecord(bytes)
  return (kind === 'archive' ? asClosedBeside(root, record) : record).status !== 'closed'
}

const readContent = async (
  root: string,
  request: CommitRequest,
  path: string,
): Promise<Content | undefined> => {
  const bytes = await readRegular(join(root, path))
  if (bytes === undefined) return undefined
  return { bytes, isOpen: isRecord(path, request) && isOpen(root, request, bytes) }
}

/** Reads what a request wants to commit. Refuses an open record, whatever the request says about it. */
export const planRequest = async (
  root: string,
  request: CommitRequest,
  prefix: string,
): Promise<Result<PlannedRequest>> => {
  const { write, remove } = requestPaths(request)
  const changes: FileChange[] = []
  for (const path of write) {
    const content = givenRecord(root, request, path) ?? (await readContent(root, request, path))
    if (content === undefined) return stop(missing(path))
    if (content.isOpen) return stop(openRecord(toTopPath(prefix, path)))
    changes.push({ kind: 'write', path: toTopPath(prefix, path), bytes: content.bytes })
  }
  for (const path of remove) changes.push({ kind: 'remove', path: toTopPath(prefix, path) })
  if (request.kind !== 'op') return ok({ request, needed: changes, extras: [] })
  const record = toTopPath(prefix, request.record.path)
  return ok({
    request,
    needed: changes.filter(({ path }) => path === record),
    extras: changes.filter(({ path }) => path !== record),
  })
}
