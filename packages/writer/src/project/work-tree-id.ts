import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { isOpId, newOpId } from '@kitty/record'
import { tryUnlink, writeNewFile } from '../fs/durable-file.js'
import { ignoreErrno, writeError } from '../fs/errors.js'
import { ensureFolder, syncFolder } from '../fs/folder.js'

const FOLDER = 'kitty'

const idPath = (gitDir: string): string => join(gitDir, FOLDER, 'id')

/**
 * Reads the id of a work tree: a ULID in its own git directory, which stays when the work tree is moved or repaired
 * and goes when it is removed. Returns `undefined` if it has none yet.
 */
export const readWorkTreeId = (gitDir: string): string | undefined => {
  try {
    const id = readFileSync(idPath(gitDir), 'utf8').trimEnd()
    return isOpId(id) ? id : undefined
  } catch {
    return undefined
  }
}

/** Links a complete file to its name, so that no reader sees half an id. A torn one, after a power loss, is replaced. */
const putId = (draft: string, path: string): void => {
  const isNew = ignoreErrno('EEXIST', () => linkSync(draft, path))
  if (isNew || isOpId(readFileSync(path, 'utf8').trimEnd())) return
  renameSync(draft, path)
}

/** Returns the id of a work tree, and creates it if it is missing. Throws what writing throws. */
export const ensureWorkTreeId = async (gitDir: string): Promise<string> => {
  const known = readWorkTreeId(gitDir)
  if (known !== undefined) return known
  const folder = await ensureFolder(gitDir, FOLDER, 'power')
  const draft = join(folder, `.id.${randomBytes(6).toString('hex')}`)
  const fresh = newOpId()
  try {
    await writeNewFile(draft, `${fresh}\n`, 'power')
    try {
      putId(draft, idPath(gitDir))
    } catch {
      // No hard links.
      renameSync(draft, idPath(gitDir))
    }
    await syncFolder(folder)
  } catch (error) {
    throw writeError(error, idPath(gitDir))
  } finally {
    tryUnlink(draft)
  }
  return readWorkTreeId(gitDir) ?? fresh
}
