import type { CommitResult } from '@kitty/writer'
import { type GitOutcome, runGit, startGit } from './git.js'
import { failure } from './git-failures.js'

/** `moved`: HEAD was no longer where it was looked at, and nothing changed. */
type HeadMoveAnswer = 'done' | 'moved' | CommitResult

/** The one swap that makes commits part of history. */
export type HeadMove = {
  /** Follows the branch that is checked out then, and refuses where HEAD is not at `from`. */
  readonly to: (id: string, from: string) => Promise<HeadMoveAnswer>
  /** To be called in the end, whether HEAD was to be moved or not. */
  readonly cancel: () => Promise<void>
}

export type HeadMoveOptions = {
  /** For the reflog. */
  readonly reason: string
  readonly config: readonly string[]
}

const headIn = async (top: string): Promise<string> => {
  const answer = await runGit(top, ['rev-parse', '--quiet', '--verify', 'HEAD'])
  return answer.ok ? answer.stdout.toString().trim() : ''
}

/** What became of it is told by HEAD: a git that was killed may have done its work. */
const judge = async (
  top: string,
  answer: GitOutcome,
  { id, from }: { id: string; from: string },
): Promise<HeadMoveAnswer> => {
  if (answer.ok) return 'done'
  const now = await headIn(top)
  if (now === id) return 'done'
  return now === '' || now === from ? failure(answer) : 'moved'
}

/**
 * Starts the git that will move HEAD and has it wait for its order, while what HEAD is to move to is
 * still being made: starting it takes as long as the move. If this process dies, it ends with nothing done.
 */
export const startHeadMove = (top: string, { reason, config }: HeadMoveOptions): HeadMove => {
  const git = startGit(top, ['update-ref', '-m', reason, '--stdin'], { config })
  let isOver = false
  return {
    to: async (id, from) => {
      isOver = true
      const answer = await git.finish(`update HEAD ${id} ${from}\n`)
      return judge(top, answer, { id, from })
    },
    cancel: async () => {
      if (!isOver) await git.finish('').catch(() => undefined)
    },
  }
}
