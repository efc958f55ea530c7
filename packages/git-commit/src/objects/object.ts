import { createHash, hash } from 'node:crypto'
import { constants, deflateSync, inflateSync } from 'node:zlib'

/**
 * Returns a buffer size, in bytes, that fits the output in one piece: a large buffer costs more than compressing a
 * small object.
 */
const room = (length: number): number => Math.min(Math.max(length + 64, 512), 1 << 20)

/** Compresses bytes as git does with loose objects by default: fast. */
export const deflate = (bytes: Uint8Array): Buffer =>
  deflateSync(bytes, { level: constants.Z_BEST_SPEED, chunkSize: room(bytes.length) })

/** Decompresses bytes. Throws if they are not compressed. */
export const inflate = (bytes: Uint8Array): Buffer =>
  inflateSync(bytes, { chunkSize: room(bytes.length * 3) })

export type ObjectFormat = 'sha1' | 'sha256'

export type ObjectType = 'blob' | 'tree' | 'commit'

/** A git object: the content of a file, a folder or a commit, named by the hash of its bytes. */
export type GitObject = {
  readonly id: string
  readonly type: ObjectType
  readonly bytes: Uint8Array
}

const DIGITS: Readonly<Record<ObjectFormat, number>> = { sha1: 40, sha256: 64 }

// Up to this many bytes, a copy costs less than hashing in parts.
const SMALL = 64 * 1024

const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

/** Whether a text is the whole id of an object. */
export const isObjectId = (text: string): boolean => ID.test(text)

/** Returns the format of an id, by its length. */
export const formatOf = (id: string): ObjectFormat =>
  id.length === DIGITS.sha256 ? 'sha256' : 'sha1'

const headerText = (type: ObjectType, length: number): string => `${type} ${length}\0`

/** Returns the header that git puts before the bytes of an object, both to hash and to store it. */
export const headerOf = (type: ObjectType, length: number): Buffer =>
  Buffer.from(headerText(type, length))

/** Returns the object with these bytes. */
export const gitObject = (type: ObjectType, bytes: Uint8Array, format: ObjectFormat): GitObject => {
  const hash = createHash(format).update(headerOf(type, bytes.length)).update(bytes)
  return { id: hash.digest('hex'), type, bytes }
}

// Made with the first file, and used for each: new memory for each takes longer than hashing.
let hashed: Buffer | undefined

/**
 * Returns the id that git gives to a file's content. Hashes small content in one call, which takes half the time.
 */
export const blobId = (bytes: Uint8Array, format: ObjectFormat): string => {
  if (bytes.length > SMALL) return gitObject('blob', bytes, format).id
  hashed ??= Buffer.allocUnsafeSlow(SMALL + 32)
  const from = hashed.write(headerText('blob', bytes.length), 'latin1')
  hashed.set(bytes, from)
  return hash(format, hashed.subarray(0, from + bytes.length), 'hex')
}

/** Returns the id that means no object: all zeros. */
export const nullId = (format: ObjectFormat): string => '0'.repeat(DIGITS[format])
