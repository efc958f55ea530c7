import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkTree } from '@kitty/writer/internals'
import { tryRead } from './head.js'

/** How long an open message counts as a commit in progress, in milliseconds. */
const EDITOR_MS = 10 * 60 * 1000

// Synchronous, because each of these takes microseconds: see `docs/adr/0004-small-file-calls-are-synchronous.md`.

/** Returns when a file last changed, in milliseconds since 1970; `undefined` if it does not exist. */
export const mtime = (path: string): number | undefined =>
  tryRead(() => statSync(path, { throwIfNoEntry: false })?.mtimeMs)

const isYoung = (time: number | undefined): time is number =>
  time !== undefined && Date.now() - time <= EDITOR_MS

/** Returns when HEAD last moved, by the reflog, else by the ref itself. */
const lastMove = ({ gitDir, commonDir }: WorkTree, ref: string | undefined): number => {
  const files = [
    join(gitDir, 'logs', 'HEAD'),
    // With refs in a database (reftable), the file HEAD never changes.
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

/**
 * Matches comments as git writes them. `core.commentChar` can be anything: what stands alone on a line and also
 * begins the next line counts, too.
 */
const COMMENT = /^(#)|^(\S+)\n\2 /m

/** Matches the advice that git writes for an editor: comments on at least two lines, or the line to cut at. */
const ADVICE = /^#.*\n#|^(\S+)\n\1 |^\S+ -+ >8 -+$/m

/**
 * Whether the editor is open on the message of a commit. Without advice in it there is no editor: `git commit -m`
 * leaves its message behind, too, if there is nothing to commit, or a hook or another commit stops it.
 */
const isCommitOpen = (tree: WorkTree, ref: string | undefined): boolean => {
  const message = join(tree.gitDir, 'COMMIT_EDITMSG')
  const opened = mtime(message)
  if (!isYoung(opened) || opened <= lastMove(tree, ref)) return false
  return ADVICE.test(tryRead(() => readFileSync(message, 'utf8')) ?? '')
}

/**
 * Whether the editor is open on the message of a merge. Git opens it on `MERGE_MSG`, with advice in comments. A
 * merge that waits to be concluded has no comments there, or the list of its conflicts, indented by a tab.
 */
const isMergeOpen = ({ gitDir }: WorkTree): boolean => {
  const message = join(gitDir, 'MERGE_MSG')
  if (mtime(join(gitDir, 'MERGE_HEAD')) === undefined || !isYoung(mtime(message))) return false
  const text = tryRead(() => readFileSync(message, 'utf8')) ?? ''
  const [found, hash, other] = COMMENT.exec(text) ?? []
  return found !== undefined && !text.includes(`\n${hash ?? other}\t`)
}

/**
 * Whether a user has the editor open on the message of a commit or a merge, which fails if HEAD moves meanwhile.
 * `ref` is what HEAD points at; `undefined` if it is detached.
 */
export const isCommitMessageOpen = (tree: WorkTree, ref: string | undefined): boolean =>
  isCommitOpen(tree, ref) || isMergeOpen(tree)
