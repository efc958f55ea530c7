import { createHash } from 'node:crypto'
import type { ObjectFormat } from '../objects/object.js'
import { forgetTrees } from './cache-tree.js'
import {
  type Extension,
  encodeEntry,
  encodeExtension,
  encodeHeader,
  entryCount,
  entryName,
  entryStart,
  firstNotBefore,
  isConflict,
  type NewEntry,
  type ParsedIndex,
  type StatFields,
} from './index-file-format.js'

/** A file to add to an index, or to replace there. */
export type IndexedFile = {
  /** Relative to the top, with `/`. */
  readonly path: string
  readonly id: string
  readonly stat: StatFields | undefined
}

/** A new entry, and where it goes. `replaced`: how many entries it replaces. */
type Insertion = { readonly entry: NewEntry; readonly at: number; readonly replaced: 0 | 1 }

const isAt = (index: ParsedIndex, number: number, name: Buffer): boolean =>
  number < entryCount(index) && entryName(index, number).equals(name)

const has = (index: ParsedIndex, name: Buffer): boolean =>
  isAt(index, firstNotBefore(index, name), name)

/** Whether the index has files below this path, or a file that has the name of a folder above it. */
const isInTheWay = (index: ParsedIndex, path: string): boolean => {
  const below = Buffer.from(`${path}/`)
  const next = firstNotBefore(index, below)
  const isFolder =
    next < entryCount(index) && entryName(index, next).subarray(0, below.length).equals(below)
  const names = path.split('/')
  return (
    isFolder ||
    names.some((_, at) => at > 0 && has(index, Buffer.from(names.slice(0, at).join('/'))))
  )
}

/** Returns `undefined` if git must decide: there is a conflict, or something else of that name. */
const insertionOf = (
  index: ParsedIndex,
  { path, id, stat }: IndexedFile,
): Insertion | undefined => {
  const name = Buffer.from(path)
  const at = firstNotBefore(index, name)
  const isThere = isAt(index, at, name)
  if ((isThere && isConflict(index, at)) || isInTheWay(index, path)) return undefined
  return { entry: { name, id, stat }, at, replaced: isThere ? 1 : 0 }
}

const isInsertion = (place: Insertion | undefined): place is Insertion => place !== undefined

/** What undoes conflicts stays as it is; what other extensions mean, only git knows. */
const changedExtension = (
  extension: Extension,
  paths: readonly string[],
  idLength: number,
): Extension | undefined => {
  if (extension.name === 'REUC') return extension
  const bytes = extension.name === 'TREE' && forgetTrees(extension.bytes, paths, idLength)
  return bytes ? { ...extension, bytes } : undefined
}

const withoutHash = (index: ParsedIndex, insertions: readonly Insertion[]): Buffer[] => {
  const count = entryCount(index)
  const parts = [
    encodeHeader(
      index,
      insertions.reduce((sum, { replaced }) => sum + 1 - replaced, count),
    ),
  ]
  let copied = entryStart(index, 0)
  for (const { entry, at, replaced } of insertions) {
    parts.push(index.bytes.subarray(copied, entryStart(index, at)), encodeEntry(entry))
    copied = entryStart(index, at + replaced)
  }
  return [...parts, index.bytes.subarray(copied, entryStart(index, count))]
}

/** The hash at the end of an index; all zeros if the index had none (`index.skipHash`). */
const hashFor = (
  { bytes, idLength }: ParsedIndex,
  body: readonly Buffer[],
  format: ObjectFormat,
): Buffer => {
  const none = Buffer.alloc(idLength)
  if (bytes.subarray(-idLength).equals(none)) return none
  const hash = createHash(format)
  for (const part of body) hash.update(part)
  return hash.digest()
}

/**
 * Adds files to an index, each path once. Changes no other entry, and forgets the trees of the folders above. Returns
 * the new index in parts, most of them those of the old one; `undefined` if only git can make it: for a conflict, or
 * extensions such as those of a split or a sparse index and of fsmonitor.
 */
export const addFiles = (
  index: ParsedIndex,
  files: readonly IndexedFile[],
  format: ObjectFormat,
): readonly Buffer[] | undefined => {
  const insertions = files.map((file) => insertionOf(index, file))
  const paths = files.map(({ path }) => path)
  const extensions = index.extensions.map((each) => changedExtension(each, paths, index.idLength))
  const known = extensions.flatMap((extension) => extension ?? [])
  const isSure = insertions.every(isInsertion) && known.length === extensions.length
  if (!isSure) return undefined
  const sorted = insertions
    .filter(isInsertion)
    .toSorted((a, b) => Buffer.compare(a.entry.name, b.entry.name))
  const body = [...withoutHash(index, sorted), ...known.flatMap(encodeExtension)]
  return [...body, hashFor(index, body, format)]
}
