import { randomBytes } from 'node:crypto'
import { link, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isOpId, type OpId } from '@kitty/record'
import * as z from 'zod'
import type { CommitResult } from './commit-strategy.js'
import { createNew, type Durability, readRegular, replaceFile, syncFolder } from './durable-file.js'
import { errnoOf, ignoring } from './errno.js'
import { countsAsLiving } from './owner.js'

/**
 * The mark that a close has begun. One file is three things: the lock against a second closer, the
 * write-ahead intent (it holds the record as it will be once closed), and the entry in the queue of
 * Ops to commit. It is made before the record is touched and removed once the Op is committed.
 */
export type Mark = {
  readonly invocation_id: OpId
  /** Who is closing it and waits for the result; empty when nobody is. */
  readonly owner: string
  /** When the owner took it, in milliseconds since 1970. */
  readonly at: number
  /** The strategy it was closed under, by name and digest of its options: see `strategyKey`. */
  readonly strategy: string
  readonly options: string
  readonly durability: Durability
  /** What else belongs to the commit, relative to the root. */
  readonly evidence: readonly string[]
  /** What the last try to commit it came to. */
  readonly result?: CommitResult
  /** The whole closed record. */
  readonly bytes: Buffer
}

const folderIn = (state: string): string => join(state, 'pending')

const pathIn = (state: string, id: OpId): string => join(folderIn(state), id)

const Header = z.object({
  owner: z.string(),
  at: z.number(),
  strategy: z.string(),
  options: z.string(),
  durability: z.enum(['power', 'process']),
  evidence: z.array(z.string()),
  length: z.number(),
  result: z.custom<CommitResult>((value) => typeof value === 'object').optional(),
})

const encode = ({ invocation_id: _, bytes, ...header }: Mark): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, length: bytes.length })}\n`), bytes])

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined for a mark whose writing was cut off: nothing had been done to the record then. */
const decode = (id: OpId, file: Buffer): Mark | undefined => {
  const end = file.indexOf('\n')
  const header = Header.safeParse(parseJson(file.toString('utf8', 0, Math.max(end, 0))))
  const bytes = file.subarray(end + 1)
  if (!header.success || bytes.length !== header.data.length) return undefined
  const { length: _, result, ...rest } = header.data
  return { invocation_id: id, ...rest, ...(result && { result }), bytes }
}

/**
 * Makes the mark, whole at once; false when there is one already. The name appears together with its
 * content, because it is linked to a file that was written before.
 */
export const createMark = async (state: string, mark: Mark): Promise<boolean> => {
  const path = pathIn(state, mark.invocation_id)
  const draft = join(folderIn(state), `.${randomBytes(8).toString('hex')}`)
  const bytes = encode(mark)
  await createNew(draft, bytes, mark.durability)
  try {
    await link(draft, path).catch((error: unknown) => {
      if (errnoOf(error) === 'EEXIST') throw error
      // No hard links here: a mark cut off by a crash is then told by its length.
      return createNew(path, bytes, mark.durability)
    })
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
  if (mark.durability === 'power') await syncFolder(folderIn(state))
  return true
}

/** The mark of an Op. `undefined` when there is none, or none whose writing was finished. */
export const readMark = async (state: string, id: OpId): Promise<Mark | undefined> => {
  const file = await readRegular(pathIn(state, id))
  return file && decode(id, file)
}

/** Rewrites a mark, whole. Marks only save time, so this need not survive a power loss. */
export const updateMark = (state: string, mark: Mark): Promise<void> =>
  replaceFile(pathIn(state, mark.invocation_id), encode(mark), 'process')

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
