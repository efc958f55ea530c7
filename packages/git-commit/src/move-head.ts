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

const headIn = async (top: string): Promise<string> => {
  const answer = await runGit(top, ['rev-parse', '--quiet', '--verify', 'HEAD'])
  return answer.ok ? answer.stdout.toString().trim() : ''
}

/**
 * The one swap that makes commits part of history: it follows the branch that is checked out then,
 * and refuses where that has moved.
 */
export const moveHead = async (move: HeadMove): Promise<HeadMoveAnswer> => {
  const args = ['update-ref', '-m', move.reason, 'HEAD', move.to, move.from]
  const answer = await runGit(move.top, args, { config: move.config })
  if (answer.ok) return 'done'
  // What became of it is told by HEAD: one that was killed may have done its work.
  const now = await headIn(move.top)
  if (now === move.to) return 'done'
  return now === '' || now === move.from ? failure(answer) : 'moved'
}
