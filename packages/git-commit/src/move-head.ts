import type { CommitResult } from '@kitty/writer'
import { runGit } from './git.js'
import { failure } from './git-failures.js'

export type HeadMove = {
  readonly top: string
  readonly from: string
  readonly to: string
  /** For the reflog. */
  readonly reason: string
  readonly config: readonly string[]
}

/** `moved`: HEAD was no longer at `from`, and nothing changed. */
export type HeadMoveAnswer = 'done' | 'moved' | CommitResult

/**
 * The one swap that makes commits part of history: it follows the branch that is checked out then,
 * and refuses where that has moved.
 */
export const moveHead = async (move: HeadMove): Promise<HeadMoveAnswer> => {
  const answer = await runGit(
    move.top,
    ['update-ref', '-m', move.reason, 'HEAD', move.to, move.from],
    { config: move.config },
  )
  if (answer.ok) return 'done'
  return /but expected|is at .* but|reference already exists|unable to resolve reference/.test(
    answer.stderr,
  )
    ? 'moved'
    : failure(answer)
}
