import { KittyError } from '@kitty/record'
import type { Note } from '../command/result.js'

/** The commits that were made while a command ran, and notes about them. */
export type LinkedCommits = {
  readonly commits: readonly string[]
  readonly notes: readonly Note[]
}

const NONE: LinkedCommits = { commits: [], notes: [] }

const note = (message: string): LinkedCommits => ({
  commits: [],
  notes: [{ kind: 'warning', message: `No commits were linked: ${message}` }],
})

const counted = (commits: readonly string[]): LinkedCommits => {
  const what = commits.length === 1 ? '1 commit' : `${commits.length} commits`
  return {
    commits,
    notes: [{ kind: 'note', message: `Linked ${what} made while the command ran.` }],
  }
}

/**
 * Remembers HEAD. Returns a function that lists the commits made since then. It never throws, so that the Op is
 * closed even if git fails.
 */
export const watchCommits = async (
  root: string,
  wanted: boolean,
): Promise<() => Promise<LinkedCommits>> => {
  if (!wanted) return async () => NONE
  const { commitsSince, readHeadPoint } = await import('@kitty/git-commit/inspect')
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
