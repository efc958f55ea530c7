import { unlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isOpId, type OpId } from '@kitty/record'
import * as z from 'zod/mini'
import { createExclusive, type Durability, readRegular } from './durable-file.js'
import { unless } from './errno.js'

/**
 * What is remembered of an open Op outside the work tree: its started line, so that it survives
 * `git stash -u`, `git clean` and a change of branch; and who opened it: a process that works on it
 * itself, an agent's session.
 */
export type StartedNote = {
  /** The started line, with its line feed. */
  readonly line: string
  /** The opener, as in `owner.ts`; absent when it only opened the Op for somebody else. */
  readonly opener?: string
  /** The session of an agent that opened it, where there is one. */
  readonly session?: string
}

const Text = z.optional(z.string())
const Note = z.object({ line: z.string(), opener: Text, session: Text })

const SUFFIX = '.json'

const pathIn = (state: string, id: OpId): string => join(state, 'started', `${id}${SUFFIX}`)

/** Remembers an Op that is being opened. */
export const keepStarted = (
  state: string,
  id: OpId,
  note: StartedNote,
  durability: Durability,
): Promise<void> => createExclusive(pathIn(state, id), JSON.stringify(note), durability)

/** What is remembered of an Op; `undefined` when nothing is, or it cannot be read. */
export const readStarted = async (state: string, id: OpId): Promise<StartedNote | undefined> => {
  const bytes = await readRegular(pathIn(state, id))
  if (bytes === undefined) return undefined
  try {
    const { line, opener, session } = Note.parse(JSON.parse(bytes.toString()))
    return {
      line,
      ...(opener !== undefined && { opener }),
      ...(session !== undefined && { session }),
    }
  } catch {
    return undefined
  }
}

/** Forgets an Op that has come to its end. */
export const forgetStarted = async (state: string, id: OpId): Promise<void> => {
  unless('ENOENT', () => unlinkSync(pathIn(state, id)))
}

/** The ids of all Ops that are remembered, oldest first. */
export const listStarted = async (state: string): Promise<OpId[]> => {
  const names = await readdir(join(state, 'started')).catch(() => [])
  return names
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter(isOpId)
    .sort()
}
