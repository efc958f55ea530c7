import { KittyError } from '@kitty/record'
import type { Note } from '../command/result.js'

/** The commits that a command made, and what there is to say about them. */
export type LinkedCommits = {
  readonly commits: readonly string[]
  readonly notes: readonly Note[]
}

const NONE: LinkedCommits = { commits: [], notes: [] }

const note = (message: string): LinkedCommits => ({
  commits: [],
  notes: [{ kind: 'warning', message: `No commit was linked: ${message}` }],
})

const counted = (commits: readonly string[]): LinkedCommits => {
  const what = commits.length === 1 ? '1 commit' : `${commits.length} commits`
  return { commits, notes: [{ kind: 'note', message: `${what} made meanwhile, linked.` }] }
}

/**
 * Remembers where HEAD is, and gives a function that tells which commits were made since. That one
 * never throws: an Op is closed also where git cannot be asked.
 */
export const watchCommits = async (
  root: string,
  wanted: boolean,
): Promise<() => Promise<LinkedCommits>> => {
  if (!wanted) return async () => NONE
  const { commitsSince, readHeadPoint } = await import('@kitty/git-commit')
  const before = await readHeadPoint(root, new Date())
  if (before === undefined) return async () => note('this is not a git repository.')
  return async () => {
    try {
      return counted(await commitsSince(before))
    } catch (error) {
      return note(error instanceof KittyError ? error.message : String(error))
    }
  }
}
