import { unlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isOpId, type OpId } from '@kitty/record'
import * as z from 'zod/mini'
import type { Durability } from '../fs/durability.js'
import { createFile, replaceFile } from '../fs/durable-file.js'
import { ignoreErrno } from '../fs/errors.js'
import { readRegular } from '../fs/regular-file.js'

/**
 * What is remembered of an open Op outside the work tree: its started line, so that it survives
 * `git stash -u`, `git clean` and a change of branch; and who opened it: a process that works on it
 * itself, an agent's session.
 */
export type StartNote = {
  /** The started line, with its line feed. */
  readonly line: string
  /** The opener, as in `lock/owner.ts`; absent when it only opened the Op for somebody else. */
  readonly opener?: string
  /** True if the opener runs a command under the Op, and closes it by how that ends. */
  readonly command?: boolean
  /** The session of an agent that opened it, if there is one. */
  readonly session?: string
  /** Who asked for it, if the program that opened it knew: see `OpsOptions.openedBy`. */
  readonly openedBy?: string
  /** When that session ended with the Op still open; removed if the session goes on. */
  readonly left?: SessionEnd
}

/** The end of a session, as its agent told it. It is not an outcome: the session may come back. */
export type SessionEnd = {
  /** A timestamp, UTC. */
  readonly at: string
  /** In the agent's own word, such as `clear` or `logout`. */
  readonly reason?: string
}

const Text = z.exactOptional(z.string())
const Note = z.object({
  line: z.string(),
  opener: Text,
  command: z.exactOptional(z.boolean()),
  session: Text,
  openedBy: Text,
  left: z.exactOptional(z.object({ at: z.string(), reason: Text })),
})

const SUFFIX = '.json'

const pathIn = (state: string, id: OpId): string => join(state, 'started', `${id}${SUFFIX}`)

/** Remembers an Op that is being opened. */
export const writeStartNote = (
  state: string,
  id: OpId,
  note: StartNote,
  durability: Durability,
): Promise<void> => createFile(pathIn(state, id), JSON.stringify(note), durability)

/**
 * Rewrites what is remembered of an Op, whole. Caller must hold the commit lock and have found the Op open:
 * a note that comes back after its Op has ended would pass for an open Op.
 */
export const replaceStartNote = (
  state: string,
  id: OpId,
  note: StartNote,
  durability: Durability,
): Promise<void> => replaceFile(pathIn(state, id), JSON.stringify(note), durability)

/** What is remembered of an Op; `undefined` when nothing is, or it cannot be read. */
export const readStartNote = async (state: string, id: OpId): Promise<StartNote | undefined> => {
  const bytes = await readRegular(pathIn(state, id))
  if (bytes === undefined) return undefined
  try {
    return Note.parse(JSON.parse(bytes.toString()))
  } catch {
    return undefined
  }
}

/** Forgets an Op that has come to its end. */
export const removeStartNote = async (state: string, id: OpId): Promise<void> => {
  ignoreErrno('ENOENT', () => unlinkSync(pathIn(state, id)))
}

/** The ids of all Ops that are remembered, oldest first. */
export const listStartNotes = async (state: string): Promise<OpId[]> => {
  const names = await readdir(join(state, 'started')).catch(() => [])
  return names
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter(isOpId)
    .sort()
}
