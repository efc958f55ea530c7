import type { Readable } from 'node:stream'

/** How long to wait for more input, in milliseconds. An agent can keep standard input open. */
const SILENCE_MS = 1_000

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const OPEN = new Set([0x7b, 0x5b])
const CLOSE = new Set([0x7d, 0x5d])

/** Finds the end of the first JSON object or array in bytes that arrive in parts, without parsing it. */
class DocumentEnd {
  #at = 0
  #depth = 0
  #inText = false
  #escaped = false

  /** The index after the document, given all bytes so far. Returns `undefined` if it is not complete. */
  find(bytes: Uint8Array): number | undefined {
    for (; this.#at < bytes.length; this.#at += 1) {
      const byte = bytes[this.#at] ?? 0
      if (this.#inText) this.#text(byte)
      else if (byte === QUOTE) this.#inText = true
      else if (OPEN.has(byte)) this.#depth += 1
      else if (CLOSE.has(byte)) {
        this.#depth -= 1
        if (this.#depth <= 0) return this.#at + 1
      }
    }
    return undefined
  }

  #text(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inText = false
  }
}

/** The first JSON document in bytes; all of them if none is complete. */
export const firstDocument = (bytes: Buffer): string =>
  bytes.subarray(0, new DocumentEnd().find(bytes) ?? bytes.length).toString()

/**
 * Reads a stream until its first JSON document is complete, it ends, or nothing arrives for a moment. Then destroys
 * the stream, so that the process can end.
 */
export const readFirstDocument = (stream: Readable): Promise<Buffer> =>
  new Promise((resolve) => {
    const end = new DocumentEnd()
    let bytes = Buffer.alloc(0)
    const finish = (): void => {
      clearTimeout(timer)
      stream.destroy()
      resolve(bytes)
    }
    const timer = setTimeout(finish, SILENCE_MS)
    stream.on('data', (part: Buffer) => {
      timer.refresh()
      bytes = Buffer.concat([bytes, part])
      if (end.find(bytes) !== undefined) finish()
    })
    stream.on('end', finish)
    stream.on('error', finish)
  })
