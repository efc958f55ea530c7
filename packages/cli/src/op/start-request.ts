import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { KittyError, type ModeOfWork } from '@kitty/record'
import type { StartRequest } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import type { Environment } from '../command/environment.js'
import { notReadable, UsageError } from '../command/errors.js'
import type { Io } from '../command/io.js'

const missing = (): UsageError =>
  new UsageError('ARGUMENT_MISSING', 'Missing REQUEST: say what should be done, in quotes', {
    hint: 'To read it from a file, use --request-file FILE (- for standard input).',
  })

const twice = (): UsageError =>
  new UsageError('USAGE', "REQUEST and --request-file can't be used together.", {
    hint: 'Leave out one of them.',
  })

/** More than any text here can have: a file such as `/dev/zero` has no end. */
const MAX_BYTES = 8 * 2 ** 20

/** Reads a file, or its first `MAX_BYTES`, which are then too large. */
const readSome = async (path: string): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path, { end: MAX_BYTES - 1 })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Reads a file, or standard input for `-`. Throws `FILE_NOT_READABLE`. */
const readBytes = async (what: string, path: string, io: Io): Promise<Buffer> => {
  try {
    return path === '-' ? await io.stdin.read() : await readSome(resolve(io.cwd, path))
  } catch (error) {
    throw notReadable(what, path, error)
  }
}

/** The encoding that a byte-order mark names, as Windows writes it; else UTF-8. */
const encodingOf = ([first, second]: Buffer): string => {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/** Decodes text, without a byte-order mark. Throws `FILE_NOT_READABLE` for bytes that are no text: none may be lost. */
const textOf = (what: string, path: string, bytes: Buffer): string => {
  const encoding = encodingOf(bytes)
  try {
    // At its limit, a file can be cut within a character.
    const stream = bytes.length === MAX_BYTES
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream })
  } catch (cause) {
    const message = `${what} is not text in ${encoding.toUpperCase()}: ${path}`
    throw new KittyError('FILE_NOT_READABLE', message, {
      hint: 'Save it as UTF-8, then try again.',
      cause,
    })
  }
}

/** The text of the request, without the last line end of a file. */
const requestText = async (
  argument: string | undefined,
  file: string | undefined,
  io: Io,
): Promise<string> => {
  if (argument !== undefined && file !== undefined) throw twice()
  if (argument !== undefined) return argument
  if (file === undefined) throw missing()
  const bytes = await readBytes('The request', file, io)
  return textOf('The request', file, bytes).replace(/\r?\n$/, '')
}

/** The values of the flags that open an Op. */
type OpeningFlags = {
  readonly profile?: string | undefined
  readonly action?: string | undefined
  readonly actor?: string | undefined
  readonly mode?: ModeOfWork | undefined
  readonly mission?: string | undefined
  readonly wp?: string | undefined
  readonly model?: string | undefined
  readonly governance?: string | undefined
  readonly 'request-file'?: string | undefined
  readonly 'no-redact': boolean
}

/** The defaults of `ask`, `advise` and `do`. */
export type Verb = { readonly name: string; readonly mode: ModeOfWork }

/** The context of a request. `who` determines the actor, from the value of a flag if there is one. */
type Asker = {
  readonly environment: Environment
  readonly io: Io
  readonly who: (named: string | undefined) => Promise<string>
}

/** Builds the request for an Op from flags, then the environment, then the verb. */
export const startRequest = async (
  argument: string | undefined,
  flags: OpeningFlags,
  verb: Verb,
  { environment, io, who }: Asker,
): Promise<StartRequest & { readonly mode_of_work: ModeOfWork }> => ({
  request_text: await requestText(argument, flags['request-file'], io),
  profile_id: flags.profile ?? environment.profile ?? 'generic',
  action: flags.action ?? verb.name,
  actor: await who(flags.actor),
  mode_of_work: flags.mode ?? verb.mode,
  ...definedFields({
    mission_id: flags.mission ?? environment.mission,
    wp_id: flags.wp ?? environment.workPackage,
    model_id: flags.model,
    governance:
      flags.governance === undefined
        ? undefined
        : (await readBytes('The governance context', flags.governance, io)).toString(),
    redact: flags['no-redact'] ? false : undefined,
  }),
})
