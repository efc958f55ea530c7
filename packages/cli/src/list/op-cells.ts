import { parseTimestamp } from '@kitty/record'
import type { ListedOp } from '../command/listed-op.js'
import { paintedId } from '../terminal/id-prefix.js'
import { outcomePaint } from '../terminal/outcome.js'
import type { Style } from '../terminal/style.js'
import type { Cell } from '../terminal/table.js'
import { ageText, spanText } from '../terminal/time.js'
import { costText, tokensText } from '../terminal/usage.js'
import { workTreeName } from '../terminal/work-tree.js'
import type { OpColumn } from './columns.js'

/** An Op in a list; its id need not have been checked. */
type CellOp = Omit<ListedOp, 'invocation_id'> & { readonly invocation_id: string }

/** The outcome of an Op, or the state of an open one. */
export const endOf = (op: CellOp) => {
  if (op.status === 'closed') return op.outcome ?? 'unknown'
  return op.left ? 'left' : 'open'
}

const ageOf = (time: string, now: Date): string => {
  const moment = parseTimestamp(time)
  return moment === undefined ? '?' : ageText(now.getTime() - moment)
}

/** Where the record of an Op is, and whether the places disagree. */
export const placesText = ({ in: places = [], conflict }: Pick<ListedOp, 'in' | 'conflict'>) =>
  [...places, ...(conflict ? ['(conflict)'] : [])].join(' ')

const shortTokens = (tokens: number | undefined): string | undefined =>
  tokens === undefined ? undefined : tokensText(tokens)

const TEXT: Readonly<Record<OpColumn, (op: CellOp, now: Date) => string | undefined>> = {
  id: (op) => op.invocation_id,
  status: (op) => op.status,
  outcome: endOf,
  opened: (op, now) => ageOf(op.started_at, now),
  closed: (op, now) => op.completed_at && ageOf(op.completed_at, now),
  took: (op) => (op.duration_ms === undefined ? undefined : spanText(op.duration_ms)),
  profile: (op) => op.profile_id,
  action: (op) => op.action,
  actor: (op) => op.actor,
  mission: (op) => op.mission_id,
  wp: (op) => op.wp_id,
  request: (op) => op.request_excerpt,
  reason: (op) => op.reason_excerpt,
  input: ({ usage }) => shortTokens(usage?.input_tokens),
  output: ({ usage }) => shortTokens(usage?.output_tokens),
  cost: ({ usage }) => (usage?.cost_usd === undefined ? undefined : costText(usage.cost_usd)),
  path: (op) => op.path,
  tree: (op) => op.work_tree && workTreeName(op.work_tree),
  in: placesText,
  writer: (op) => op.writer,
  conflict: (op) => op.conflict && 'yes',
}

/** How to show an Op. `prefixes` are the lengths of the unique prefixes of ids, which are highlighted. */
type CellView = {
  readonly now: Date
  readonly style: Style
  readonly prefixes?: ReadonlyMap<string, number>
}

/** The cell of an Op in a column. */
export const opCell = (column: OpColumn, op: CellOp, { now, style, prefixes }: CellView): Cell => {
  const text = TEXT[column](op, now) || '-'
  if (column === 'id') {
    const length = prefixes?.get(op.invocation_id)
    if (length === undefined) return { text, mark: '' }
    return { text, mark: '', paint: (id) => paintedId(id, length, style) }
  }
  return column === 'outcome' ? { text, paint: outcomePaint(endOf(op), style) } : { text }
}
