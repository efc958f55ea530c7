import { isOpId, type OpId } from '@kitty/record'
import type { OpFilter, Ops } from '@kitty/writer'
import { string } from '@oclif/core/flags'
import { definedFields } from '../command/defined.js'
import { UsageError } from '../command/errors.js'
import type { ListedOp, OtherOps } from '../command/listed-op.js'

/** The number of Ops in a JSON document, unless a limit is given. */
const IN_JSON = 100

/** How pages work, for the help of a command. */
export const PAGE_DESCRIPTION = `\
Pages follow the order of the ids, newest first. If there are more Ops, --json prints "next", the cursor for
--after. A cursor is a position in that order: whatever is opened, closed or archived in between, no Op is
repeated or skipped.`

/** The flags `-n` and `--after`. By default, people get `forPeople` Ops. */
export const pageFlags = (forPeople: number, others = '') => ({
  limit: string({
    char: 'n',
    summary: `Show at most the newest N, or "all". Default: ${forPeople} for people, ${IN_JSON} with --json${others}.`,
    helpValue: 'N',
  }),
  after: string({
    summary: 'Show only Ops after this cursor: the "next" of the previous page.',
    helpValue: 'CURSOR',
  }),
})

const limitOf = (typed: string | undefined, usual: number): number => {
  if (typed === undefined) return usual
  if (typed === 'all') return Number.POSITIVE_INFINITY
  if (/^0*[1-9]\d{0,8}$/.test(typed)) return Number(typed)
  throw new UsageError('USAGE', `--limit: invalid number of Ops ${JSON.stringify(typed)}`, {
    hint: 'Use 1 or more, or all.',
  })
}

/** The id of the Op before the position. That Op need not exist any more. */
const cursorOf = (typed: string): OpId => {
  if (isOpId(typed)) return typed
  throw new UsageError('CURSOR_INVALID', `--after: invalid cursor ${JSON.stringify(typed)}`, {
    hint: 'Use the "next" of an earlier output unchanged, or leave out --after to begin with the newest Op.',
  })
}

/** Which part of a list to show. */
export type Page = {
  readonly limit: number
  readonly after?: OpId
}

/** Parses the flags. Without a limit, JSON has 100 Ops and another form has `usual`. Throws `USAGE`, `CURSOR_INVALID`. */
export const parsePage = (
  flags: {
    readonly limit?: string | undefined
    readonly after?: string | undefined
    json: boolean
  },
  usual: number,
): Page => ({
  limit: limitOf(flags.limit, flags.json ? IN_JSON : usual),
  ...definedFields({ after: flags.after === undefined ? undefined : cursorOf(flags.after) }),
})

/** Ops, and the cursor for those after them; `undefined` if there are none. */
export type ListedPage = {
  readonly ops: readonly ListedOp[]
  readonly next: OpId | undefined
}

const newestFirst = (ops: readonly ListedOp[]): readonly ListedOp[] =>
  ops.toSorted((a, b) => (a.invocation_id < b.invocation_id ? 1 : -1))

/** Reads at least so many Ops at a time; a filter can leave out most of them. */
const AT_ONCE = 64

/** The newest Ops from elsewhere that match a filter and come after a position, at least `count` if there are. */
const newestOthers = async (
  { months, find, read }: OtherOps,
  { after, text, ...filter }: OpFilter,
  count: number,
): Promise<readonly ListedOp[]> => {
  const { passesFilter, textMatcher } = await import('@kitty/writer/internals')
  const fits = text === undefined ? undefined : textMatcher(text)
  const found: ListedOp[] = []
  let left: readonly OpId[] = []
  let [next, span] = [0, count === Number.POSITIVE_INFINITY ? months.length : 1]
  for (let size = Math.max(AT_ONCE, count); found.length < count; size *= 2) {
    for (; left.length < size && next < months.length; next += span, span *= 2) {
      const ids = await find(months.slice(next, next + span))
      left = [...left, ...ids.filter((id) => after === undefined || id < after)]
    }
    if (left.length === 0) return found
    const ops = await read(left.slice(0, size), fits)
    found.push(...ops.filter((op) => passesFilter(op, filter)))
    left = left.slice(size)
  }
  return found
}

/** The newest Ops of a page that match a filter: those of a store, and `others`, which it does not have. */
export const listPage = async (
  store: Ops,
  filter: OpFilter,
  { limit, ...position }: Page,
  others?: OtherOps,
): Promise<ListedPage> => {
  // One more than the limit shows whether there are more.
  const count = limit + 1
  const here = await store.list({ ...filter, ...position, limit: count })
  const away =
    others === undefined ? [] : await newestOthers(others, { ...filter, ...position }, count)
  const found = away.length === 0 ? here : newestFirst([...here, ...away])
  const ops = found.slice(0, limit)
  return { ops, next: found.length > limit ? ops.at(-1)?.invocation_id : undefined }
}

/** The note that a list is not complete. */
export const moreText = (shown: number, { after }: Page): string => {
  if (after !== undefined) return 'There are more Ops after these. Use -n all to show all.'
  const newest = shown === 1 ? 'newest Op is' : `newest ${shown} Ops are`
  return `Only the ${newest} shown. Use -n all to show all.`
}
