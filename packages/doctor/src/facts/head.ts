import { isBlob, readBlobs, recordsInHead } from '@kitty/git-commit/inspect'
import { type OpId, parseOpRecord } from '@kitty/record'
import { archivedPath, readRegular, recordPath, toAbsolute } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'

/** The record of an Op in HEAD: its path relative to the root, and its blob. */
export type InHead = { readonly path: string; readonly blob: string }

/** The records in HEAD: from path to blob. `undefined` outside git. */
export const headOf = memoized((context) => recordsInHead(context.ops.root))

/** Returns where HEAD has the record of an Op: hot, archived, both or nowhere. */
export const placesInHead = (head: ReadonlyMap<string, string>, id: OpId): readonly InHead[] =>
  [recordPath(id), archivedPath(id)].flatMap((path) => {
    const blob = head.get(path)
    return blob === undefined ? [] : [{ path, blob }]
  })

/** The record of an Op as git looks for it on branches: in both places that it can have. */
export const asMissing = ({ id, bytes }: { readonly id: OpId; readonly bytes: Buffer }) => ({
  paths: [recordPath(id), archivedPath(id)],
  bytes,
})

/** The bytes of a file, or a record that is visited. */
type Content = Buffer | { readonly hasBlob: (blob: string) => boolean }

/** Whether HEAD has exactly these bytes at a path. */
export const hasBytes = (
  head: ReadonlyMap<string, string>,
  path: string,
  content: Content,
): boolean => {
  const blob = head.get(path)
  if (blob === undefined) return false
  return Buffer.isBuffer(content) ? isBlob(blob, content) : content.hasBlob(blob)
}

/** Whether HEAD has exactly these bytes as the record of an Op. */
export const isInHead = (head: ReadonlyMap<string, string>, id: OpId, content: Content): boolean =>
  hasBytes(head, recordPath(id), content) || hasBytes(head, archivedPath(id), content)

/** Whether HEAD has a file at a path with other bytes than the file on disk, so that checking it out changes something. */
export const differsInHead = async (context: CheckContext, path: string): Promise<boolean> => {
  const blob = (await headOf(context).catch(() => undefined))?.get(path)
  if (blob === undefined) return false
  const bytes = await readRegular(toAbsolute(context.ops.root, path)).catch(() => undefined)
  return bytes === undefined || !isBlob(blob, bytes)
}

/** The status of HEAD's version of a record; `unknown` if the blob is not in this clone. */
export type StatusInHead = 'open' | 'closed' | 'unreadable' | 'unknown'

/** Returns the status of records in HEAD, by blob. */
export const statusesInHead = async (
  context: CheckContext,
  wanted: readonly (InHead & { readonly id: OpId })[],
): Promise<ReadonlyMap<string, StatusInHead>> => {
  const blobs = await readBlobs(
    context.ops.root,
    wanted.map(({ blob }) => blob),
  )
  const entries = wanted.map(({ id, blob }) => {
    const bytes = blobs.get(blob)
    return [blob, bytes ? parseOpRecord(bytes, { opId: id }).status : 'unknown'] as const
  })
  return new Map(entries)
}
