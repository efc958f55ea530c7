import type { OpFilter, OpSummary, Ops } from '@kitty/writer'
import { string } from '@oclif/core/flags'
import { UsageError } from '../command/errors.js'

/** `-n`, for a list that shows people so many where nothing is said, and programs all. */
export const limitFlag = (usual: number) =>
  string({
    char: 'n',
    summary: `At most so many, the newest; or "all". Default: ${usual} for people, all for programs.`,
    helpValue: 'N',
  })

/** How many are wanted. Throws a usage error for what is neither a number nor `all`. */
export const parseLimit = (typed: string | undefined, usual: number): number => {
  if (typed === undefined) return usual
  if (typed === 'all') return Number.POSITIVE_INFINITY
  if (/^0*[1-9]\d{0,8}$/.test(typed)) return Number(typed)
  throw new UsageError('USAGE', `--limit: not a number of Ops: ${JSON.stringify(typed)}`, {
    hint: 'Give 1 or more, or all.',
  })
}

/** Ops, and whether there are more that pass the filter. */
export type Limited = { readonly ops: readonly OpSummary[]; readonly more: boolean }

/** The newest Ops that pass a filter. */
export const listLimited = async (
  store: Ops,
  filter: OpFilter,
  limit: number,
): Promise<Limited> => {
  // One more than is wanted tells whether there is more.
  const found = await store.list({ ...filter, limit: limit + 1 })
  return { ops: found.slice(0, limit), more: found.length > limit }
}

/** That a list goes on. */
export const moreText = (shown: number): string =>
  shown === 1
    ? 'Only the newest is shown; -n all shows all.'
    : `Only the newest ${shown} are shown; -n all shows all.`
