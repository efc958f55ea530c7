import type { GitObject } from './object.js'

/** What `cat-file` tells of an object before its bytes. */
export type ObjectHeader = Pick<GitObject, 'id' | 'type'> & { readonly size: number }

type ReadObject = GitObject & { readonly bytes: Buffer }

const HEADER = /^([0-9a-f]+) (blob|tree|commit) (\d+)$/

const headerIn = (line: string): ObjectHeader | undefined => {
  const [, id, type, size] = HEADER.exec(line) ?? []
  if (id === undefined) return undefined
  return { id, type: type === 'blob' || type === 'tree' ? type : 'commit', size: Number(size) }
}

/** Takes apart what `cat-file --batch-check` prints: a header a line; or `<id> missing`, which is left out. */
export const parseHeaders = (output: Buffer): ReadonlyMap<string, ObjectHeader> => {
  const headers = output.toString('latin1').split('\n').map(headerIn)
  return new Map(headers.flatMap((header) => (header ? [[header.id, header] as const] : [])))
}

/**
 * Takes apart what `cat-file --batch` prints: for each object a header, its bytes and a line feed; or
 * `<id> missing`, which is left out. So is an object that is cut off, as by a git that died in the midst of it.
 */
export const parseBatch = (output: Buffer): ReadonlyMap<string, ReadObject> => {
  const objects = new Map<string, ReadObject>()
  for (let at = 0, end = output.indexOf('\n'); end >= 0; end = output.indexOf('\n', at)) {
    const header = headerIn(output.toString('latin1', at, end))
    at = end + 1
    if (header === undefined) continue
    const { id, type, size } = header
    if (at + size >= output.length) break
    objects.set(id, { id, type, bytes: output.subarray(at, at + size) })
    at += size + 1
  }
  return objects
}
