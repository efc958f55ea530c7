import { closeSync, constants, fstatSync, readSync } from 'node:fs'
import type { Durability } from '../fs/durability.js'
import { appendFile, createFile } from '../fs/durable-file.js'
import { errnoOf, hasCode, readError } from '../fs/errors.js'
import { openRegular } from '../fs/regular-file.js'
import { toAbsolute } from '../project/paths.js'
import { ensureOpsFolder } from './record-file.js'

const LINE_FEED = '\n'

const lastByteOf = (path: string): string => {
  const file = openRegular(path, constants.O_RDONLY)
  try {
    const { size } = fstatSync(file)
    const byte = Buffer.alloc(Math.min(size, 1))
    readSync(file, byte, 0, byte.length, size - byte.length)
    return byte.toString('latin1')
  } finally {
    closeSync(file)
  }
}

type Tail = 'missing' | 'whole' | 'torn'

const tailOf = (path: string): Tail => {
  try {
    return ['', LINE_FEED].includes(lastByteOf(path)) ? 'whole' : 'torn'
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'missing'
    throw readError(error, path)
  }
}

/** Creates an empty log. Even the first line is then appended, so no line overwrites another. */
const createLog = async (path: string, durability: Durability): Promise<void> => {
  await createFile(path, '', durability).catch((error: unknown) => {
    // Another process has just created it.
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error
  })
}

/**
 * Appends a line, with its line feed, to a log in `kitty-ops/`, in one write. Creates the log if it is missing, and
 * terminates a torn last line first. Throws `SYMLINK_REFUSED`, and what writing throws.
 */
export const appendLogLine = async (
  root: string,
  log: string,
  line: string,
  durability: Durability,
): Promise<void> => {
  await ensureOpsFolder(root, durability)
  const path = toAbsolute(root, log)
  const tail = tailOf(path)
  if (tail === 'missing') await createLog(path, durability)
  await appendFile(path, tail === 'torn' ? LINE_FEED + line : line, durability)
}
