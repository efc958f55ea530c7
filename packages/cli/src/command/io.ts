import type { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import type { WritableStream } from 'node:stream/web'
import { isatty } from 'node:tty'

/** Variables of the environment, by name. */
export type Variables = Readonly<Record<string, string | undefined>>

/** A stream for text. */
export type Output = {
  readonly isTTY: boolean
  /** The width of the terminal. */
  readonly columns?: number | undefined
  write(text: string): void
}

/** Standard output and standard error. */
export type Outputs = { readonly stdout: Output; readonly stderr: Output }

/** The command line's whole access to its process: streams, environment, folder, signals and clock. */
export type Io = Outputs & {
  readonly variables: Variables
  /** The current folder, absolute. */
  readonly cwd: string
  readonly stdin: { readonly isTTY: boolean; read(): Promise<Buffer> }
  /** The streams for a command under an Op: those of this process, by number. */
  readonly inheritedStdio: {
    readonly stdin: 0 | 'ignore'
    readonly stdout: 1 | WritableStream
    readonly stderr: 2 | WritableStream
  }
  /** The signals to this process. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>
  readonly clock: () => Date
}

/** Reads a stream to its end. */
const readAll = async (stream: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const output = (stream: NodeJS.WriteStream): Output => ({
  isTTY: stream.isTTY === true,
  columns: stream.columns,
  write: (text) => void stream.write(text),
})

/** The streams, environment, folder, signals and clock of this process. */
export const processIo = (): Io => ({
  variables: process.env,
  cwd: process.cwd(),
  // Even reading the property `process.stdin` opens it, and a command under an Op can need it.
  stdin: { isTTY: isatty(0), read: () => readAll(process.stdin) },
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  inheritedStdio: { stdin: 0, stdout: 1, stderr: 2 },
  signals: process,
  clock: () => new Date(),
})
