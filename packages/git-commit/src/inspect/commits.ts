import { type OpId, parseOpCommitMessage } from '@kitty/record'
import { findWorkTree } from '@kitty/writer'
import { runGit } from '../git/run-git.js'
import { readTip } from '../repository/head.js'
import { lookAtWorkTree } from '../repository/work-tree.js'

/**
 * The Op that a commit is about, by its trailer; undefined when there is no such commit here, or it is
 * about none. Throws KittyError `GIT_NOT_STARTED`.
 */
export const opOfCommit = async (root: string, sha: string): Promise<OpId | undefined> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return undefined
  const answer = await runGit(tree.top, ['cat-file', 'commit', sha])
  const text = answer.stdout.toString()
  return answer.ok ? parseOpCommitMessage(text.slice(text.indexOf('\n\n') + 2))?.op_id : undefined
}

/** A moment in the history of a work tree. */
export type HistoryPoint = {
  /** The top of the work tree. */
  readonly top: string
  /** The commit that HEAD was at; undefined on an unborn branch. */
  readonly tip: string | undefined
  /** Seconds since 1970, as in a commit. */
  readonly at: number
}

/** Where HEAD is now; undefined outside git. Throws `GIT_NOT_STARTED`. */
export const historyPoint = async (root: string, now: Date): Promise<HistoryPoint | undefined> => {
  const state = await lookAtWorkTree(root)
  if (state === undefined) return undefined
  const tip = await readTip(state, state.head)
  return { top: state.top, tip, at: Math.floor(now.getTime() / 1000) }
}

const FIELDS = 3

/** A commit of an Op is no work of the Op; one from before came in by a pull or a switch of branch. */
const isWork = (time: string, message: string, { at }: HistoryPoint): boolean =>
  Number(time) >= at && parseOpCommitMessage(message) === undefined

/**
 * The ids of the commits that HEAD has gained since, oldest first: those that were made meanwhile, and
 * not those of Ops. Empty where git cannot say. Throws `GIT_NOT_STARTED`.
 */
export const commitsSince = async (before: HistoryPoint): Promise<readonly string[]> => {
  const range = before.tip === undefined ? ['HEAD'] : ['HEAD', `^${before.tip}`]
  const args = [
    'log',
    '-z',
    '--reverse',
    '--encoding=UTF-8',
    '--format=%H%x00%ct%x00%B',
    ...range,
    '--',
  ]
  const answer = await runGit(before.top, args, { config: ['log.showSignature=false'] })
  if (!answer.ok) return []
  const parts = answer.stdout.toString().split('\0')
  return parts.filter((_, number) => {
    const [time = '', message = ''] = parts.slice(number + 1, number + FIELDS)
    return number % FIELDS === 0 && isWork(time, message, before)
  })
}
