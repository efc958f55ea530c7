import { unlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isOpId, type OpId } from '@kitty/record'
import type { Durability } from '../fs/durability.js'
import { createFile, replaceFile } from '../fs/durable-file.js'
import { ignoreErrno } from '../fs/errors.js'
import { readRegular } from '../fs/regular-file.js'
import { type StartNoteFile, StartNoteSchema } from './wire.js'

/**
 * What the state folder keeps of an open Op: its `started` line, so that the record can be restored after
 * `git stash -u`, `git clean` or a branch switch; and who opened it: a process that does the work itself, or an
 * agent's session.
 */
export type StartNote = {
  /** The `started` line, with its line feed. */
  readonly line: string
  /** The process that opened the Op (see `Owner`); absent if it does not do the work itself. */
  readonly opener?: string
  /** True if the opener runs a command or a function under the Op and closes the Op with its result. */
  readonly command?: boolean
  /** The agent session that opened it, if any. */
  readonly session?: string
  /** Who asked for it, if the program that opened it knew: see `OpsOptions.openedBy`. */
  readonly openedBy?: string
  /** The commit at HEAD when the Op was opened, empty on an unborn branch; absent if unknown. */
  readonly head?: string
  /** The end of that session with the Op still open; removed if the session continues. */
  readonly left?: SessionEnd
}

/** The end of a session, as its agent reported it. It is not an outcome: the session can be resumed. */
export type SessionEnd = {
  /** A timestamp, UTC. */
  readonly at: string
  /** The agent's own word for it, such as `clear` or `logout`. */
  readonly reason?: string
}

const encodeNote = ({ openedBy, left, ...rest }: StartNote): string => {
  const file: StartNoteFile = {
    ...rest,
    ...(openedBy !== undefined && { opened_by: openedBy }),
    ...(left && { left }),
  }
  return JSON.stringify(file)
}

const decodeNote = (text: string): StartNote => {
  const { opened_by: openedBy, ...rest } = StartNoteSchema.parse(JSON.parse(text))
  return { ...rest, ...(openedBy !== undefined && { openedBy }) }
}

const SUFFIX = '.json'

/** The path of an Op's start note, relative to the state folder, with `/`. */
export const startNotePath = (id: OpId): string => `started/${id}${SUFFIX}`

const pathIn = (state: string, id: OpId): string => join(state, startNotePath(id))

/** Writes the start note of an Op that is being opened. Throws `ALREADY_EXISTS`, and what writing throws. */
export const writeStartNote = (
  state: string,
  id: OpId,
  note: StartNote,
  durability: Durability,
): Promise<void> => createFile(pathIn(state, id), encodeNote(note), durability)

/**
 * Replaces a start note atomically. Caller must hold the commit lock and have found the Op open: a note that
 * reappears after its Op was closed would be taken for an open Op.
 */
export const replaceStartNote = (
  state: string,
  id: OpId,
  note: StartNote,
  durability: Durability,
): Promise<void> => replaceFile(pathIn(state, id), encodeNote(note), durability)

/** Reads the start note of an Op. Returns `undefined` if there is none, or it cannot be parsed. */
export const readStartNote = async (state: string, id: OpId): Promise<StartNote | undefined> => {
  const bytes = await readRegular(pathIn(state, id))
  if (bytes === undefined) return undefined
  try {
    return decodeNote(bytes.toString())
  } catch {
    return undefined
  }
}

/** Removes the start note of an Op that is committed, or was not opened after all. */
export const removeStartNote = async (state: string, id: OpId): Promise<void> => {
  ignoreErrno('ENOENT', () => unlinkSync(pathIn(state, id)))
}

/** The ids of all Ops with a start note, oldest first. */
export const listStartNotes = async (state: string): Promise<OpId[]> => {
  const names = await readdir(join(state, 'started')).catch(() => [])
  return names
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter(isOpId)
    .sort()
}
