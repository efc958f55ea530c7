import { UsageError } from '../command/errors.js'
import { nearest } from '../command/suggest.js'

/** The columns of a list: the name to type, and the key in JSON. */
export const OP_COLUMNS = {
  id: 'invocation_id',
  status: 'status',
  outcome: 'outcome',
  opened: 'started_at',
  closed: 'completed_at',
  took: 'duration_ms',
  profile: 'profile_id',
  action: 'action',
  actor: 'actor',
  mission: 'mission_id',
  wp: 'wp_id',
  request: 'request_excerpt',
  reason: 'reason_excerpt',
  input: 'input_tokens',
  output: 'output_tokens',
  cost: 'cost_usd',
  path: 'path',
  tree: 'work_tree',
  in: 'in',
  writer: 'writer',
  conflict: 'conflict',
} as const

/** The name of a column. */
export type OpColumn = keyof typeof OP_COLUMNS

const NAMES = Object.keys(OP_COLUMNS)

const isColumn = (name: string): name is OpColumn => NAMES.includes(name)

const unknownColumn = (name: string): UsageError => {
  const meant = nearest(name, NAMES)
  const first = meant === undefined ? '' : `Did you mean "${meant}"? `
  return new UsageError('USAGE', `--columns: unknown column ${JSON.stringify(name)}`, {
    hint: `${first}The columns are: ${NAMES.join(', ')}.`,
  })
}

/** Parses names of columns, separated by commas. Throws a usage error for an unknown one. */
export const columnsOf = (typed: string): readonly OpColumn[] =>
  typed.split(',').map((part) => {
    const name = part.trim().toLowerCase()
    if (!isColumn(name)) throw unknownColumn(part.trim())
    return name
  })

/** The columns of a list of the whole repository. */
const OF_ALL: readonly OpColumn[] = ['tree', 'in', 'writer', 'conflict']

/** Every column. */
export const ALL_COLUMNS: readonly OpColumn[] = NAMES.filter(isColumn)

/** Every column of a list of this work tree alone. */
export const COLUMNS_HERE: readonly OpColumn[] = ALL_COLUMNS.filter(
  (name) => !OF_ALL.includes(name),
)
