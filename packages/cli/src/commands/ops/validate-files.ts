import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, resolve, sep } from 'node:path'
import { join } from 'node:path/posix'
import type { Readable } from 'node:stream'
import { hasErrors, isOpId, type OpStatus, parseOpRecord } from '@kitty/record'
import { ARCHIVE_DIR, isArchiveMonth, isLogName, OPS_DIR } from '@kitty/writer/internals'
import { UsageError } from '../../command/errors.js'
import type { Io } from '../../command/io.js'
import type { ShownProblem } from '../../terminal/problem.js'

/** Whether a folder below the named one can hold records: the archive, or a month in it. */
const holdsRecords = (name: string): boolean =>
  name === basename(ARCHIVE_DIR) || isArchiveMonth(name)

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

/** The records below a folder, sorted by name, as paths relative to `cwd`. */
const recordsBelow = async (folder: string, cwd: string): Promise<readonly string[]> => {
  const found: string[] = []
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true })
  const opsFolder = entries.find((entry) => entry.name === OPS_DIR && entry.isDirectory())
  // Other files in a project root are not records.
  if (opsFolder !== undefined) return recordsBelow(join(slashed(folder), OPS_DIR), cwd)
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(slashed(folder), entry.name)
    if (!entry.isDirectory()) {
      if (entry.name.endsWith('.jsonl') && !isLogName(entry.name)) found.push(path)
    } else if (holdsRecords(entry.name)) found.push(...(await recordsBelow(path, cwd)))
  }
  return found
}

/** The files for a path that was named: the records of a folder, else the path itself. */
const filesNamed = async (path: string, cwd: string): Promise<readonly string[]> =>
  (await isFolder(resolve(cwd, path))) ? recordsBelow(path, cwd) : [path]

/** The result of checking one file. */
export type Validation = {
  /** The path as it was named; `-` for standard input. */
  readonly path: string
  readonly status: OpStatus
  readonly problems: readonly ShownProblem[]
  readonly valid: boolean
}

const STDIN = '-'
const ENDING = '.jsonl'

const validateText = (path: string, bytes: Uint8Array): Validation => {
  const name = basename(path, ENDING)
  const record = parseOpRecord(bytes, isOpId(name) ? { opId: name } : {})
  const valid = record.status !== 'unreadable' && !hasErrors(record)
  return { path, status: record.status, problems: record.problems, valid }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
}

const unreadable = (path: string, error: unknown): Validation => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown reason'
  const message = `${WHY[code] ?? 'it cannot be read'} (${code})`
  const problem = { line: 0, code: 'FILE_NOT_READABLE', severity: 'error', message } as const
  return { path, status: 'unreadable', problems: [problem], valid: false }
}

/** How long to wait for standard input if `-` was not named, in milliseconds: an agent can keep it open and send nothing. */
const PATIENCE_MS = 5_000

const nothingSent = (): UsageError =>
  new UsageError(
    'ARGUMENT_MISSING',
    'Missing FILE: standard input is open, and has sent nothing for 5 seconds.',
    { hint: 'Name a FILE or a folder, such as kitty-ops. With - standard input is waited for.' },
  )

const validateFile = async (path: string, io: Io): Promise<Validation> => {
  try {
    const bytes = path === STDIN ? await io.stdin.read() : await readFile(resolve(io.cwd, path))
    return validateText(path, bytes)
  } catch (error) {
    return unreadable(path, error)
  }
}

const waitsForTyping = (paths: readonly string[], io: Io): boolean =>
  paths.includes(STDIN) && io.stdin.isTTY

/** The files that a path names, or why it cannot be read. */
type NamedFiles =
  | { readonly ok: true; readonly files: readonly string[] }
  | { readonly ok: false; readonly validation: Validation }

const filesOf = async (path: string, io: Io): Promise<NamedFiles> => {
  try {
    return { ok: true, files: path === STDIN ? [path] : await filesNamed(path, io.cwd) }
  } catch (error) {
    return { ok: false, validation: unreadable(path, error) }
  }
}

/** The results, and notes about paths without records. */
type Validations = {
  readonly files: readonly Validation[]
  readonly notes: readonly string[]
}

/** Whether anything arrives in time, be it the end of the stream. */
const arrives = (stream: Readable): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS)
    const arrived = (): void => {
      clearTimeout(timer)
      resolve(true)
    }
    stream.once('readable', arrived).once('error', arrived)
  })

/** Checks standard input if no file was named. Throws `ARGUMENT_MISSING` if it sends nothing. */
export const validateInput = async (io: Io): Promise<Validations> => {
  const stream = io.stdin.isTTY ? undefined : io.stdin.stream?.()
  if (stream !== undefined && !(await arrives(stream))) {
    stream.destroy()
    throw nothingSent()
  }
  return validateAll([STDIN], io)
}

/**
 * Checks files in order. A folder means its records, including archived ones. An unreadable file is a finding, so
 * that the remaining files are checked.
 */
export const validateAll = async (paths: readonly string[], io: Io): Promise<Validations> => {
  if (waitsForTyping(paths, io)) {
    io.stderr.write('Reading from the terminal. End with Ctrl-D, or name a FILE to check.\n')
  }
  const files: Validation[] = []
  const notes: string[] = []
  for (const path of paths) {
    if (path === '')
      throw new UsageError('USAGE', 'FILE is empty.', { hint: 'Name a file or a folder.' })
    const named = await filesOf(path, io)
    if (!named.ok) {
      files.push(named.validation)
      continue
    }
    if (named.files.length === 0) notes.push(`${path} contains no records.`)
    for (const file of named.files) {
      if (!isLogName(basename(file))) files.push(await validateFile(file, io))
      else notes.push(`${file} is not a record.`)
    }
  }
  return { files, notes }
}
