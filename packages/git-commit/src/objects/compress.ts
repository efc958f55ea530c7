import { constants, deflateSync, inflateSync } from 'node:zlib'

/** Room for what comes out, in one piece: making much of it costs more than packing a small object. */
const room = (length: number): number => Math.min(Math.max(length + 64, 512), 1 << 20)

/** Packs bytes as git does where nothing else is asked of it: fast. */
export const deflate = (bytes: Uint8Array): Buffer =>
  deflateSync(bytes, { level: constants.Z_BEST_SPEED, chunkSize: room(bytes.length) })

/** Throws what is no packed text. */
export const inflate = (bytes: Uint8Array): Buffer =>
  inflateSync(bytes, { chunkSize: room(bytes.length * 3) })
