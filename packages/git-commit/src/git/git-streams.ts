import type { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** The streams of a process that runs. */
type Streams = { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

/** How long to wait for output that somebody else may hold open after git has ended. */
const GRACE_MS = 500

/** What a stream gives until it ends. */
export const collect = (stream: Readable): Buffer[] => {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return chunks
}

/** A hook that git started, fsmonitor say, may outlive it and keep its output open. */
export const letGo = (git: EventEmitter & Streams): void => {
  const later = setTimeout(() => {
    git.stdout.destroy()
    git.stderr.destroy()
  }, GRACE_MS)
  git.once('close', () => clearTimeout(later))
}

/** Git may end before it has read everything; its exit status tells what that means. */
const ENDED = new Set(['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EOF'])

/** A git that never got its whole input may be content with none, and a lost answer may look like an empty one. */
export const watchStreams = (git: Streams): string[] => {
  const failed: string[] = []
  for (const name of ['stdin', 'stdout', 'stderr'] as const) {
    git[name].on('error', (error: NodeJS.ErrnoException) => {
      if (!ENDED.has(error.code ?? '')) failed.push(`${name} of git failed: ${error.message}`)
    })
  }
  return failed
}
