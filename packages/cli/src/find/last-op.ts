import { basename } from 'node:path/posix'
import { KittyError, type OpId } from '@kitty/record'
import type { Ops } from '@kitty/writer'

/** What an argument accepts as the id of an Op. */
export const ID_DESCRIPTION = 'The id, a unique prefix or ending, or @last.'

/** Whether this was typed instead of an id, for the newest Op. */
export const isLast = (typed: string): boolean => typed.trim().toLowerCase() === '@last'

/**
 * The id of the newest Op of this checkout: of the records on the disk and in HEAD, and of the Ops that are not committed
 * yet. Throws `OP_NOT_FOUND` if there is none.
 */
const newestOp = async (ops: Ops): Promise<OpId> => {
  const { listRecords, opIdOfName } = await import('@kitty/writer/internals')
  const { recordsInHead } = await import('@kitty/git-commit/inspect')
  const [onDisk, head, pending] = await Promise.all([
    listRecords(ops.root),
    // An Op on the disk is found even if git fails.
    recordsInHead(ops.root).catch(() => undefined),
    ops.pending(),
  ])
  const inHead = [...(head?.keys() ?? [])].flatMap((path) => opIdOfName(basename(path)) ?? [])
  const ids = [...onDisk.slice(0, 1).map(({ id }) => id), ...inHead, ...pending.map(({ id }) => id)]
  const newest = ids.reduce<OpId | undefined>(
    (a, b) => (a === undefined || b > a ? b : a),
    undefined,
  )
  if (newest !== undefined) return newest
  const message = 'No such Op: @last is the newest Op of this checkout, and there is none.'
  throw new KittyError('OP_NOT_FOUND', message, { hint: 'Check the list of Ops.' })
}

/** What was typed for an Op, with the id of the newest Op of this checkout for `@last`. Throws `OP_NOT_FOUND`. */
export const typedId = async (ops: Ops, typed: string): Promise<string> =>
  isLast(typed) ? newestOp(ops) : typed
