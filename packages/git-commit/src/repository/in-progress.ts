import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkTree } from '@kitty/writer'
import { tryRead } from './head.js'

/** How long an open message counts as a commit being written, in milliseconds. */
const EDITOR_MS = 10 * 60 * 1000

// Synchronous: each of these takes microseconds, less than its way through the thread pool.

/** When a file changed last, in milliseconds since 1970; undefined where there is none. */
export const mtime = (path: string): number | undefined =>
  tryRead(() => statSync(path, { throwIfNoEntry: false })?.mtimeMs)

const isYoung = (time: number | undefined): time is number =>
  time !== undefined && Date.now() - time <= EDITOR_MS

/** When HEAD last moved, as far as files tell: the reflog, else the ref itself. */
const lastMove = ({ gitDir, commonDir }: WorkTree, ref: string | undefined): number => {
  const files = [
    join(gitDir, 'logs', 'HEAD'),
    // With refs in a database, the file HEAD never changes.
    join(gitDir, 'reftable', 'tables.list'),
    ref === undefined ? join(gitDir, 'HEAD') : join(commonDir, ref),
    join(commonDir, 'packed-refs'),
  ]
  for (const file of files) {
    const time = mtime(file)
    if (time !== undefined) return time
  }
  return 0
}

const isCommitOpen = (tree: WorkTree, ref: string | undefined): boolean => {
  const opened = mtime(join(tree.gitDir, 'COMMIT_EDITMSG'))
  return isYoung(opened) && opened > lastMove(tree, ref)
}

/** Comments as git sets them: `core.commentChar` may be anything, and one paragraph of advice ends before another. */
const COMMENT = /^(#)|^(\S+)\n\2 /m

/**
 * A merge opens the editor on `MERGE_MSG`, with advice in comments. One that waits to be concluded has
 * none, or the list of its conflicts, which is indented by a tab.
 */
const isMergeOpen = ({ gitDir }: WorkTree): boolean => {
  const message = join(gitDir, 'MERGE_MSG')
  if (mtime(join(gitDir, 'MERGE_HEAD')) === undefined || !isYoung(mtime(message))) return false
  const text = tryRead(() => readFileSync(message, 'utf8')) ?? ''
  const [found, hash, other] = COMMENT.exec(text) ?? []
  return found !== undefined && !text.includes(`\n${hash ?? other}\t`)
}

/**
 * Whether somebody has the editor open on the message of a commit or a merge, which fails if HEAD moves
 * meanwhile. `ref` is what HEAD points at; undefined when it is detached.
 */
export const isCommitMessageOpen = (tree: WorkTree, ref: string | undefined): boolean =>
  isCommitOpen(tree, ref) || isMergeOpen(tree)
