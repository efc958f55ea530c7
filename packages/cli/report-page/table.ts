import type { ReportedOp } from '../src/page/reported.js'
import { spanText } from '../src/terminal/time.js'
import { signOf, tookMs } from './data.js'
import { make, place, shown } from './dom.js'
import { momentText, utcText } from './words.js'

type Column = {
  readonly name: string
  readonly cell: (op: ReportedOp) => HTMLElement | string
  /** The sort key of the column. */
  readonly by: (op: ReportedOp) => string | number
  readonly kind?: string
}

const PAGE = 50

const mark = ({ outcome }: ReportedOp): HTMLElement =>
  make(
    'span',
    { class: 'outcome' },
    make('span', { class: `mark ${outcome}`, 'aria-hidden': 'true' }, signOf(outcome)),
    outcome,
  )

const moment = ({ from }: ReportedOp): HTMLElement | string =>
  from === 0 ? 'unknown' : make('time', { title: utcText(from) }, momentText(from))

const request = (op: ReportedOp, choose: (op: ReportedOp) => void): HTMLElement => {
  const text = shown(op.request.trim().split('\n', 1)[0] ?? '').slice(0, 300)
  const button = make('button', { type: 'button', class: 'link', 'data-id': op.id }, text || op.id)
  button.addEventListener('click', () => choose(op))
  return button
}

const columnsFor = (choose: (op: ReportedOp) => void): readonly Column[] => [
  { name: 'Opened', cell: moment, by: ({ from }) => from, kind: 'moment' },
  { name: 'Outcome', cell: mark, by: ({ outcome }) => outcome, kind: 'outcome' },
  {
    name: 'Took',
    cell: (op) => {
      const took = tookMs(op)
      return took === undefined ? '–' : spanText(took)
    },
    by: (op) => tookMs(op) ?? -1,
    kind: 'number',
  },
  { name: 'Request', cell: (op) => request(op, choose), by: (op) => op.request, kind: 'wide' },
  { name: 'Action', cell: ({ action }) => shown(action), by: ({ action }) => action },
  { name: 'Profile', cell: ({ profile }) => shown(profile), by: ({ profile }) => profile },
  { name: 'Actor', cell: ({ actor = '–' }) => shown(actor), by: ({ actor = '' }) => actor },
]

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))

type Order = { readonly column: Column; readonly down: boolean }

const headOf = (column: Column, order: Order, sort: () => void): HTMLElement => {
  const isSorted = order.column === column
  const sign = isSorted ? (order.down ? ' ↓' : ' ↑') : ''
  const button = make('button', { type: 'button', class: 'plain' }, `${column.name}${sign}`)
  button.addEventListener('click', sort)
  const sorted = isSorted ? (order.down ? 'descending' : 'ascending') : 'none'
  return make('th', { scope: 'col', class: column.kind ?? '', 'aria-sort': sorted }, button)
}

/** Makes a list that shows one page of Ops, so that few rows are drawn. */
export const tableOf = (choose: (op: ReportedOp) => void) => {
  const columns = columnsFor(choose)
  const [first] = columns
  if (first === undefined) throw new Error('A table has columns.')
  const [head, body] = [place('columns', HTMLElement), place('rows', HTMLElement)]
  const [previous, next] = [place('previous', HTMLButtonElement), place('next', HTMLButtonElement)]
  let order: Order = { column: first, down: true }
  let sorted: readonly ReportedOp[] = []
  let from = 0

  const rowOf = (op: ReportedOp): HTMLElement =>
    make(
      'tr',
      {},
      ...columns.map((column) => make('td', { class: column.kind ?? '' }, column.cell(op))),
    )

  const draw = (): void => {
    const until = Math.min(from + PAGE, sorted.length)
    body.replaceChildren(...sorted.slice(from, until).map(rowOf))
    place('page', HTMLElement).textContent =
      sorted.length === 0 ? 'none' : `${from + 1}–${until} of ${sorted.length}`
    previous.disabled = from === 0
    next.disabled = until >= sorted.length
  }

  const sort = (): void => {
    const { column, down } = order
    sorted = sorted.toSorted((a, b) => compare(column.by(a), column.by(b)) * (down ? -1 : 1))
    from = 0
  }

  const drawHead = (): void => {
    head.replaceChildren(
      ...columns.map((column) =>
        headOf(column, order, () => {
          order = { column, down: order.column === column ? !order.down : false }
          sort()
          drawHead()
          draw()
          place('columns', HTMLElement).querySelectorAll('button')[columns.indexOf(column)]?.focus()
        }),
      ),
    )
  }

  const turn = (by: number) => () => {
    from = Math.max(0, from + by)
    draw()
  }
  previous.addEventListener('click', turn(-PAGE))
  next.addEventListener('click', turn(PAGE))
  drawHead()
  return (ops: readonly ReportedOp[]): void => {
    sorted = ops
    sort()
    draw()
  }
}
