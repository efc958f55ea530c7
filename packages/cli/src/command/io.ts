import type { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import type { WritableStream } from 'node:stream/web'
import { isatty } from 'node:tty'

/** Variables of the environment, by name. */
export type Variables = Readonly<Record<string, string | undefined>>

/** Where text goes. */
export type Output = {
  readonly isTTY: boolean
  /** The width of the terminal. */
  readonly columns?: number | undefined
  write(text: string): void
}

/** Both places where text goes. */
export type Outputs = { readonly stdout: Output; readonly stderr: Output }

/** Everything that the command line takes from, and gives to, the world around it. */
export type Io = Outputs & {
  readonly variables: Variables
  /** The folder where the person stands, absolute. */
  readonly cwd: string
  readonly stdin: { readonly isTTY: boolean; read(): Promise<Buffer> }
  /** What a command under an Op gets: the streams of this process themselves, by their numbers. */
  readonly inheritedStdio: {
    readonly stdin: 0 | 'ignore'
    readonly stdout: 1 | WritableStream
    readonly stderr: 2 | WritableStream
  }
  /** Where signals to this process are heard. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>
  readonly clock: () => Date
}

/** All bytes of a stream. */
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

/** The world of this process. */
export const processIo = (): Io => ({
  variables: process.env,
  cwd: process.cwd(),
  // A look at `process.stdin` would already make a stream of it; a command under an Op may want it.
  stdin: { isTTY: isatty(0), read: () => readAll(process.stdin) },
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  inheritedStdio: { stdin: 0, stdout: 1, stderr: 2 },
  signals: process,
  clock: () => new Date(),
})
