import type { ReportedOp } from '../src/page/reported.js'
import { spanText } from '../src/terminal/time.js'
import { usageText } from '../src/terminal/usage.js'
import { signOf, tookMs } from './data.js'
import { make, place, shown } from './dom.js'
import { momentText, utcText } from './words.js'

type Row = readonly [name: string, value: string | undefined]

const dialog = place('details', HTMLDialogElement)

const moment = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : at === 0 ? 'unknown' : `${momentText(at)} (${utcText(at)})`

const rowsOf = (op: ReportedOp): readonly Row[] => {
  const took = tookMs(op)
  return [
    ['Outcome', `${signOf(op.outcome)} ${op.outcome}`],
    ['Opened', moment(op.from)],
    ['Closed', moment(op.until)],
    ['Took', took === undefined ? undefined : spanText(took)],
    ['Profile', op.profile],
    ['Action', op.action],
    ['Actor', op.actor],
    ['Mode of work', op.mode],
    ['Model', op.model],
    ['Mission', op.mission],
    ['Work package', op.wp],
    ['Governance', op.governance],
    // A record says `agent` for a person, too.
    ['Closed by', op.closedBy === 'doctor_sweep' ? 'the doctor' : undefined],
    ['Used', op.usage && usageText(op.usage)],
    ['Evidence', op.evidence],
    ['Record', op.path],
    ['Writer', op.writer],
  ]
}

const listOf = (heading: string, items: readonly string[]): readonly HTMLElement[] =>
  items.length === 0
    ? []
    : [make('h3', {}, heading), make('ul', {}, ...items.map((item) => make('li', {}, shown(item))))]

const textOf = (heading: string, text: string): readonly HTMLElement[] => [
  make('h3', {}, heading),
  // Line ends are kept.
  make('pre', { tabindex: '0', 'aria-label': heading }, text.split('\n').map(shown).join('\n')),
]

const requestOf = ({ request, cut, path }: ReportedOp): readonly HTMLElement[] => [
  ...textOf('Request', request),
  ...(cut ? [make('p', { class: 'quiet' }, `The full request is in ${path}.`)] : []),
]

/** Shows the details of one Op. Escape or the button closes them. */
export const showDetails = (op: ReportedOp): void => {
  place('details-heading', HTMLElement).textContent = op.id
  const rows = rowsOf(op).flatMap(([name, value]) =>
    value === undefined ? [] : [make('dt', {}, name), make('dd', {}, shown(value))],
  )
  place('details-body', HTMLElement).replaceChildren(
    make('dl', { class: 'facts' }, ...rows),
    ...(op.close === undefined ? [] : textOf('Close it, in the project', op.close)),
    ...requestOf(op),
    ...(op.reason === undefined ? [] : textOf('Reason', op.reason)),
    ...listOf(
      'Artifacts and commits',
      (op.links ?? []).map(({ what, ref }) => `${what}: ${ref}`),
    ),
    ...listOf('Problems in the record', op.problems ?? []),
  )
  if (!dialog.open) dialog.showModal()
}

/** Closes the details on a click outside them. */
export const watchDetails = (): void => {
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
}
