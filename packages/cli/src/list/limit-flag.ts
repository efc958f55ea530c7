import type { OpFilter, OpSummary, Ops } from '@kitty/writer'
import { string } from '@oclif/core/flags'
import { UsageError } from '../command/errors.js'

/** The flag `-n`. By default, people get `usual` Ops and programs get all. */
export const limitFlag = (usual: number) =>
  string({
    char: 'n',
    summary: `Show at most the newest N, or "all". Default: ${usual} for people, all for programs.`,
    helpValue: 'N',
  })

/** Parses the limit. Throws a usage error if it is neither a number nor `all`. */
export const parseLimit = (typed: string | undefined, usual: number): number => {
  if (typed === undefined) return usual
  if (typed === 'all') return Number.POSITIVE_INFINITY
  if (/^0*[1-9]\d{0,8}$/.test(typed)) return Number(typed)
  throw new UsageError('USAGE', `--limit: invalid number of Ops ${JSON.stringify(typed)}`, {
    hint: 'Use 1 or more, or all.',
  })
}

/** Ops, and whether more Ops match the filter. */
export type Limited = { readonly ops: readonly OpSummary[]; readonly more: boolean }

/** The newest Ops that match a filter. */
export const listLimited = async (
  store: Ops,
  filter: OpFilter,
  limit: number,
): Promise<Limited> => {
  // One more than the limit shows whether there are more.
  const found = await store.list({ ...filter, limit: limit + 1 })
  return { ops: found.slice(0, limit), more: found.length > limit }
}

/** The note that a list is not complete. */
export const moreText = (shown: number): string =>
  shown === 1
    ? 'Only the newest Op is shown. Use -n all to show all.'
    : `Only the newest ${shown} Ops are shown. Use -n all to show all.`
