import { createHash } from 'node:crypto'
import { deflate, formatOf, type GitObject, type ObjectType } from './object.js'

const TYPES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3 }

/**
 * Returns the type and the length: four bits of the length, then seven per byte; every byte but the last has its
 * top bit set.
 */
const entryHeader = ({ type, bytes }: GitObject): Buffer => {
  const header: number[] = []
  let byte = (TYPES[type] << 4) | (bytes.length & 0x0f)
  for (let rest = Math.floor(bytes.length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    header.push(byte | 0x80)
    byte = rest & 0x7f
  }
  return Buffer.from([...header, byte])
}

const entry = (object: GitObject): Buffer[] => [entryHeader(object), deflate(object.bytes)]

/**
 * Returns the objects as a pack, version 2: see git's `gitformat-pack`. Caller must pass at least one, and each
 * only once.
 */
export const packOf = (objects: readonly GitObject[]): Buffer => {
  const head = Buffer.alloc(12)
  head.write('PACK', 'latin1')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(objects.length, 8)
  const body = Buffer.concat([head, ...objects.flatMap(entry)])
  const format = formatOf(objects[0]?.id ?? '')
  return Buffer.concat([body, createHash(format).update(body).digest()])
}
