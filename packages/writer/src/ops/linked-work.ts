import { KittyError, parseTimestamp, type StartedEvent } from '@kitty/record'
import { findWorkTree } from '../project/git-dir.js'
import { readStartNote } from '../state/start-notes.js'
import type { Closing } from './closing.js'
import type { StoreContext } from './context.js'

/** The commits of work since the start of an Op, and what to say about them. */
export type LinkedWork = {
  /** Full ids, oldest first. */
  readonly commits: readonly string[]
  readonly notes: readonly string[]
}

const none = (why: string): LinkedWork => ({
  commits: [],
  notes: [`No commits were linked: ${why}`],
})

/** Whether a close links the commits since the start. A sweep does not: others have worked here since. */
export const wantsLinks = (ctx: StoreContext, closing: Closing): boolean =>
  closing.link_commits ?? (ctx.linkCommits && closing.closed_by !== 'doctor_sweep')

/** What is said instead of links if the work tree of the Op is gone, and its HEAD with it. */
export const NO_HEAD = none('the work tree of the Op is gone.')

const headOf = async ({ stateFolder }: StoreContext, id: StartedEvent['invocation_id']) => {
  for (const dir of stateFolder.dirs) {
    const note = await readStartNote(dir, id)
    if (note !== undefined) return note.head
  }
  return undefined
}

const counted = (commits: readonly string[], total: number): LinkedWork => {
  const { length } = commits
  const some = total === 1 ? '1 commit' : `${total} commits`
  const what = total > length ? `the newest ${length} of ${some}` : some
  return { commits, notes: [`Linked ${what} made since the Op was opened.`] }
}

const whyUnknown = async ({ root }: StoreContext): Promise<string> =>
  (await findWorkTree(root)) === undefined
    ? 'this is not a git repository.'
    : 'it is not known which commit was checked out here when the Op was opened.'

/**
 * Finds the commits of work that HEAD has gained since an Op was opened. Never throws: an Op is closed even if git
 * fails.
 */
export const linkedWork = async (ctx: StoreContext, started: StartedEvent): Promise<LinkedWork> => {
  const { reader } = ctx.strategy
  if (reader?.workSince === undefined) return none('the commit strategy cannot read the history.')
  try {
    const head = await headOf(ctx, started.invocation_id)
    if (head === undefined) return none(await whyUnknown(ctx))
    const at = new Date(parseTimestamp(started.started_at) ?? 0)
    const { commits, total } = await reader.workSince(ctx.root, { head, at })
    return counted(commits, total)
  } catch (error) {
    return none(error instanceof KittyError ? error.message : String(error))
  }
}

/** Adds commits to those that a close names. One that it names by a prefix is not repeated. */
export const withCommits = (closing: Closing, commits: readonly string[]): Closing => {
  const named = closing.commits ?? []
  const more = commits.filter((sha) => !named.some((each) => sha.startsWith(each)))
  return more.length === 0 ? closing : { ...closing, commits: [...named, ...more] }
}
