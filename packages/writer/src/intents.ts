import { randomBytes } from 'node:crypto'
import { link, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isOpId, type OpId } from '@kitty/record'
import { createNew, readRegular, replaceFile, syncFolder } from './durable-file.js'
import { errnoOf, ignoring } from './errno.js'
import { decodeMark, encodeMark, type Mark } from './mark.js'
import { writeError } from './os-error.js'
import { countsAsLiving } from './owner.js'

export type { Mark } from './mark.js'

const folderIn = (state: string): string => join(state, 'pending')

const pathIn = (state: string, id: OpId): string => join(folderIn(state), id)

const besides = (state: string): string =>
  join(folderIn(state), `.${randomBytes(8).toString('hex')}`)

/** The name appears together with its content, because it is linked to a file written before. */
const putMark = async (state: string, mark: Mark): Promise<boolean> => {
  const path = pathIn(state, mark.invocation_id)
  const draft = besides(state)
  const bytes = encodeMark(mark)
  await createNew(draft, bytes, mark.durability)
  try {
    return await ignoring(
      'EEXIST',
      link(draft, path).catch((error: unknown) => {
        if (errnoOf(error) === 'EEXIST') throw error
        // No hard links here: a mark cut off by a crash is then told by its length.
        return createNew(path, bytes, mark.durability)
      }),
    )
  } finally {
    await unlink(draft)
  }
}

/** How long a mark may take to be written, in milliseconds. */
const WRITING_MS = 60_000

const isSettled = async (path: string): Promise<boolean> => {
  const info = await stat(path).catch(() => undefined)
  return info !== undefined && Date.now() - info.mtimeMs >= WRITING_MS
}

/** Removes what processes left that died while they made a mark. Never throws. */
export const clearDrafts = async (state: string): Promise<void> => {
  const folder = folderIn(state)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((each) => each.startsWith('.'))) {
    const draft = join(folder, name)
    if (await isSettled(draft)) await unlink(draft).catch(() => undefined)
  }
}

/** Takes a mark out of the way whose writing was cut off; true when there is none any more. */
const clearTorn = async (state: string, id: OpId): Promise<boolean> => {
  const path = pathIn(state, id)
  const aside = besides(state)
  if (!(await isSettled(path)) || (await readMark(state, id))) return false
  if (!(await ignoring('ENOENT', rename(path, aside)))) return true
  const taken = await readFile(aside)
  // Somebody else did the same before, and made a whole one that we took.
  const whole = decodeMark(id, taken) !== undefined
  if (whole) await ignoring('EEXIST', link(aside, path))
  await unlink(aside)
  return !whole
}

/**
 * Makes the mark, whole at once; false when there is one already.
 * Throws `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const createMark = async (state: string, mark: Mark): Promise<boolean> => {
  const id = mark.invocation_id
  try {
    const made =
      (await putMark(state, mark)) || ((await clearTorn(state, id)) && (await putMark(state, mark)))
    if (made && mark.durability === 'power') await syncFolder(folderIn(state))
    return made
  } catch (error) {
    throw writeError(error, pathIn(state, id))
  }
}

/** The mark of an Op. `undefined` when there is none, or none whose writing was finished. */
export const readMark = async (state: string, id: OpId): Promise<Mark | undefined> => {
  const file = await readRegular(pathIn(state, id))
  return file && decodeMark(id, file)
}

/** Rewrites a mark, whole. Marks only save time, so this need not survive a power loss. */
export const updateMark = (state: string, mark: Mark): Promise<void> =>
  replaceFile(pathIn(state, mark.invocation_id), encodeMark(mark), 'process')

/** Takes a mark away; nothing happens when there is none. */
export const removeMark = async (state: string, id: OpId): Promise<void> => {
  await ignoring('ENOENT', unlink(pathIn(state, id)))
}

/** The ids that have a mark, oldest first. */
export const listMarks = async (state: string): Promise<OpId[]> => {
  const names = await readdir(folderIn(state)).catch(() => [])
  return names.filter(isOpId).sort()
}

/** Whether somebody is closing the Op of this mark right now, or waits for its commit. */
export const isAttended = (mark: Mark): boolean =>
  mark.owner !== '' && countsAsLiving(mark.owner, mark.at)

/** How long a result stays in a mark for whoever is to take it up, in milliseconds. */
const PICK_UP_MS = 60_000

/** Whether the result in this mark is on its way to the process that waits for it. */
export const isDelivered = (mark: Mark): boolean =>
  mark.result !== undefined && isAttended(mark) && Date.now() - mark.at < PICK_UP_MS
