import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { hasErrors, isOpId, type OpStatus, parseOpRecord } from '@kitty/record'
import { isLogName } from '@kitty/writer'
import type { Io } from './io.js'
import type { ShownProblem } from './render/problem.js'

/** What was found in one file. */
export type Validation = {
  /** As it was named; `-` for standard input. */
  readonly path: string
  readonly status: OpStatus
  readonly problems: readonly ShownProblem[]
  readonly valid: boolean
}

const STDIN = '-'
const ENDING = '.jsonl'

const judge = (path: string, bytes: Uint8Array): Validation => {
  const name = basename(path, ENDING)
  const record = parseOpRecord(bytes, isOpId(name) ? { opId: name } : {})
  const valid = record.status !== 'unreadable' && !hasErrors(record)
  return { path, status: record.status, problems: record.problems, valid }
}

const unreadable = (path: string, error: unknown): Validation => {
  const message = error instanceof Error ? error.message : String(error)
  const problem = { line: 0, code: 'FILE_NOT_READABLE', severity: 'error', message } as const
  return { path, status: 'unreadable', problems: [problem], valid: false }
}

const validateFile = async (path: string, io: Io): Promise<Validation> => {
  try {
    const bytes = path === STDIN ? await io.stdin.read() : await readFile(resolve(io.cwd, path))
    return judge(path, bytes)
  } catch (error) {
    return unreadable(path, error)
  }
}

const waitsForTyping = (paths: readonly string[], io: Io): boolean =>
  paths.includes(STDIN) && io.stdin.isTTY

/**
 * Checks files one after the other. `left` are those that lie among records but are none. A file that
 * cannot be read is a finding like any other, so that it hides none of the rest.
 */
export const validateAll = async (
  paths: readonly string[],
  io: Io,
): Promise<{ readonly files: readonly Validation[]; readonly left: readonly string[] }> => {
  if (waitsForTyping(paths, io)) {
    io.stderr.write('Reading from the terminal; give FILE to check files, or end with Ctrl-D.\n')
  }
  const isRecord = (path: string): boolean => !isLogName(basename(path))
  const files: Validation[] = []
  for (const path of paths.filter(isRecord)) files.push(await validateFile(path, io))
  return { files, left: paths.filter((path) => !isRecord(path)) }
}
