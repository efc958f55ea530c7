import type { GitObject } from './git-object.js'

type ReadObject = GitObject & { readonly bytes: Buffer }

const HEADER = /^([0-9a-f]+) (blob|tree|commit) (\d+)$/

/**
 * Takes apart what `cat-file --batch` prints: for each object a header, its bytes and a line feed; or
 * `<id> missing`, which is left out.
 */
export const parseBatch = (output: Buffer): ReadonlyMap<string, ReadObject> => {
  const objects = new Map<string, ReadObject>()
  for (let at = 0, end = output.indexOf('\n'); end >= 0; end = output.indexOf('\n', at)) {
    const [, id, type, length] = HEADER.exec(output.toString('latin1', at, end)) ?? []
    at = end + 1
    if (id === undefined) continue
    const bytes = output.subarray(at, at + Number(length))
    objects.set(id, { id, type: type === 'blob' || type === 'tree' ? type : 'commit', bytes })
    at += Number(length) + 1
  }
  return objects
}
