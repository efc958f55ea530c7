import { createHash, hash } from 'node:crypto'
import { constants, deflateSync, inflateSync } from 'node:zlib'

/** Room for what comes out, in one piece: making much of it costs more than packing a small object. */
const room = (length: number): number => Math.min(Math.max(length + 64, 512), 1 << 20)

/** Packs bytes as git does where nothing else is asked of it: fast. */
export const deflate = (bytes: Uint8Array): Buffer =>
  deflateSync(bytes, { level: constants.Z_BEST_SPEED, chunkSize: room(bytes.length) })

/** Throws what is no packed text. */
export const inflate = (bytes: Uint8Array): Buffer =>
  inflateSync(bytes, { chunkSize: room(bytes.length * 3) })

export type ObjectFormat = 'sha1' | 'sha256'

export type ObjectType = 'blob' | 'tree' | 'commit'

/** What git keeps: a file's content, a folder or a commit, by the hash of its bytes. */
export type GitObject = {
  readonly id: string
  readonly type: ObjectType
  readonly bytes: Uint8Array
}

const DIGITS: Readonly<Record<ObjectFormat, number>> = { sha1: 40, sha256: 64 }

// Up to here a copy costs less than a hash that is fed in parts.
const SMALL = 64 * 1024

/** Which format an id is of, as its length tells. */
export const formatOf = (id: string): ObjectFormat =>
  id.length === DIGITS.sha256 ? 'sha256' : 'sha1'

/** The header that git puts before the bytes of an object, where it hashes and where it keeps them. */
export const headerOf = (type: ObjectType, length: number): Buffer =>
  Buffer.from(`${type} ${length}\0`)

/** The object that these bytes are. */
export const gitObject = (type: ObjectType, bytes: Uint8Array, format: ObjectFormat): GitObject => {
  const hash = createHash(format).update(headerOf(type, bytes.length)).update(bytes)
  return { id: hash.digest('hex'), type, bytes }
}

/** The id git gives to a file's content; for a small one in one call, which takes half the time. */
export const blobId = (bytes: Uint8Array, format: ObjectFormat): string =>
  bytes.length > SMALL
    ? gitObject('blob', bytes, format).id
    : hash(format, Buffer.concat([headerOf('blob', bytes.length), bytes]), 'hex')

/** As many zeros as an id has digits: no object at all. */
export const nullId = (format: ObjectFormat): string => '0'.repeat(DIGITS[format])
