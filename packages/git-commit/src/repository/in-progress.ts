import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
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

/** The process namespace of the whole machine: only in it, every process of the machine is listed. */
const WHOLE_MACHINE = 'pid:[4026531836]'

const mayBeGitIn = (pid: string, top: string): boolean => {
  // `git`, or `git-commit` when an alias starts it.
  if (!tryRead(() => readFileSync(`/proc/${pid}/comm`, 'utf8'))?.startsWith('git')) return false
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`)
    if (cwd !== top && !cwd.startsWith(`${top}/`)) return false
    // What this software starts waits for no editor: see `git/environment.ts`.
    return !readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes('GIT_EDITOR=:')
  } catch (error) {
    // Another user's process hides its folder; one that has ended has none.
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}

/**
 * Whether a git that waits for an editor may be running in a work tree. False only if that is certain: on Linux, and not
 * in a container.
 */
const mayGitBeRunning = ({ top }: WorkTree): boolean => {
  if (tryRead(() => readlinkSync('/proc/self/ns/pid')) !== WHOLE_MACHINE) return true
  const pids = tryRead(() => readdirSync('/proc'))?.filter((name) => /^\d+$/.test(name))
  return pids === undefined || pids.some((pid) => mayBeGitIn(pid, top))
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
  // A commit that was given up in the editor leaves the same message behind, but no process.
  (isCommitOpen(tree, ref) || isMergeOpen(tree)) && mayGitBeRunning(tree)
