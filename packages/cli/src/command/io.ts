import type { EventEmitter } from 'node:events'
import { devNull } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { isatty } from 'node:tty'
import { definedFields } from './defined.js'

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
  /** The current folder, absolute. If it was deleted, a path at which there is nothing. */
  readonly cwd: string
  readonly stdin: {
    readonly isTTY: boolean
    read(): Promise<Buffer>
    /** The stream itself, for a reader that does not wait for its end. */
    stream?(): Readable
  }
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
  // 0 if the terminal does not know its width.
  columns: stream.columns || undefined,
  write: (text) => void stream.write(text),
})

/** A path that never exists, because the null device is not a folder. */
const NOWHERE = join(devNull, 'deleted folder')

/** The system does not know the path of a folder that was deleted. Commands that do not need it still work. */
const currentFolder = (): string => {
  try {
    return process.cwd()
  } catch {
    return NOWHERE
  }
}

/** The streams, environment, folder, signals and clock of this process. */
export const processIo = (): Io => ({
  variables: process.env,
  cwd: currentFolder(),
  // Even reading the property `process.stdin` opens it, and a command under an Op can need it.
  stdin: { isTTY: isatty(0), read: () => readAll(process.stdin), stream: () => process.stdin },
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  inheritedStdio: { stdin: 0, stdout: 1, stderr: 2 },
  signals: process,
  clock: () => new Date(),
})

/** A stream for text as a caller of `main` passes it, such as one of Node's. Without `isTTY`, it is not a terminal. */
export type GivenOutput = {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** Any part of an `Io`. */
export type GivenIo = Partial<Omit<Io, 'stdout' | 'stderr'>> & {
  readonly stdout?: GivenOutput
  readonly stderr?: GivenOutput
}

const asOutput = (given: GivenOutput): Output => ({
  isTTY: given.isTTY === true,
  columns: given.columns || undefined,
  write: (text) => void given.write(text),
})

/** A stream for a command under an Op that writes to a given output. The global class is loaded only if it is used. */
const streamTo = (given: GivenOutput): WritableStream => {
  const decoder = new TextDecoder()
  return new WritableStream<Uint8Array>({
    write: (chunk) => void given.write(decoder.decode(chunk, { stream: true })),
  })
}

/**
 * Completes a part of an `Io` with this process. A command under an Op writes to the given streams too, unless
 * `inheritedStdio` is given.
 */
export const withProcess = ({ stdout, stderr, ...given }: GivenIo): Io => {
  const io = { ...processIo(), ...definedFields(given) }
  return {
    ...io,
    ...(stdout && { stdout: asOutput(stdout) }),
    ...(stderr && { stderr: asOutput(stderr) }),
    inheritedStdio: given.inheritedStdio ?? {
      stdin: 0,
      stdout: stdout ? streamTo(stdout) : 1,
      stderr: stderr ? streamTo(stderr) : 2,
    },
  }
}
