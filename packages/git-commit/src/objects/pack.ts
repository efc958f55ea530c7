import { createHash } from 'node:crypto'
import { deltaOf } from './delta.js'
import { deflate, formatOf, type GitObject, type ObjectType } from './object.js'

const TYPES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3 }

/** The type of an object that is stored as a change of another one, which the entry names by its id. */
const REF_DELTA = 7

/**
 * Returns the type and the length: four bits of the length, then seven per byte; every byte but the last has its
 * top bit set.
 */
const entryHeader = (type: number, length: number): Buffer => {
  const header: number[] = []
  let byte = (type << 4) | (length & 0x0f)
  for (let rest = Math.floor(length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    header.push(byte | 0x80)
    byte = rest & 0x7f
  }
  return Buffer.from([...header, byte])
}

const whole = ({ type, bytes }: GitObject): Buffer[] => [
  entryHeader(TYPES[type], bytes.length),
  deflate(bytes),
]

/** A tree that is in the pack, and how many others must be read before it can be. */
type Base = { readonly tree: GitObject; readonly depth: number }

/** As git itself: a longer chain would make reading slow. */
const MAX_DEPTH = 50

/** The folder of the records, and the folders that it is in: their last versions are all near the end. */
const MAX_BASES = 4

const WORTHWHILE = 1024

/** Makes the entries of a pack. Commits of many Ops have as many versions of one large tree: each is a change of another. */
class Entries {
  #bases: readonly Base[] = []

  of(object: GitObject): Buffer[] {
    const { type, bytes } = object
    if (type !== 'tree' || bytes.length < WORTHWHILE) return whole(object)
    for (const { tree, depth } of this.#bases) {
      const delta = depth < MAX_DEPTH ? deltaOf(tree.bytes, bytes) : undefined
      if (delta === undefined) continue
      this.#remember({ tree: object, depth: depth + 1 }, tree)
      return [entryHeader(REF_DELTA, delta.length), Buffer.from(tree.id, 'hex'), deflate(delta)]
    }
    this.#remember({ tree: object, depth: 0 })
    return whole(object)
  }

  #remember(base: Base, instead?: GitObject): void {
    const others = this.#bases.filter(({ tree }) => tree !== instead)
    this.#bases = [base, ...others].slice(0, MAX_BASES)
  }
}

/**
 * Returns the objects as a pack, version 2: see git's `gitformat-pack`. Caller must pass at least one, and each
 * only once.
 */
export const packOf = (objects: readonly GitObject[]): Buffer => {
  const head = Buffer.alloc(12)
  head.write('PACK', 'latin1')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(objects.length, 8)
  const entries = new Entries()
  const body = Buffer.concat([head, ...objects.flatMap((object) => entries.of(object))])
  const format = formatOf(objects[0]?.id ?? '')
  return Buffer.concat([body, createHash(format).update(body).digest()])
}
