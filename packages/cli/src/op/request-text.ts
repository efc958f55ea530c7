import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { notReadable, UsageError } from '../command/errors.js'
import type { Io } from '../command/io.js'

const missing = (): UsageError =>
  new UsageError('ARGUMENT_MISSING', 'What is asked is missing.', {
    hint: 'Give it in quotes, or with --request-file FILE (- for standard input).',
  })

const twice = (): UsageError =>
  new UsageError('USAGE', 'What is asked was given twice: as an argument, and as a file.', {
    hint: 'Leave out one of them.',
  })

/** The text of a file, `-` being standard input. Throws `FILE_NOT_READABLE`. */
export const readText = async (what: string, path: string, io: Io): Promise<string> => {
  try {
    const bytes = path === '-' ? await io.stdin.read() : await readFile(resolve(io.cwd, path))
    return bytes.toString()
  } catch (error) {
    throw notReadable(what, path, error)
  }
}

/** What was asked; the line end that closes a file is not part of it. */
export const requestText = async (
  argument: string | undefined,
  file: string | undefined,
  io: Io,
): Promise<string> => {
  if (argument !== undefined && file !== undefined) throw twice()
  if (argument !== undefined) return argument
  if (file === undefined) throw missing()
  return (await readText('The request', file, io)).replace(/\r?\n$/, '')
}
