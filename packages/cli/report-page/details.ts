import type { ReportedOp } from '../src/page/reported.js'
import { spanText } from '../src/terminal/time.js'
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
    ['Closed by', op.closedBy],
    ['Evidence', op.evidence],
    ['Record', op.path],
  ]
}

const listOf = (heading: string, items: readonly string[]): readonly HTMLElement[] =>
  items.length === 0
    ? []
    : [make('h3', {}, heading), make('ul', {}, ...items.map((item) => make('li', {}, shown(item))))]

const textOf = (heading: string, text: string): readonly HTMLElement[] => [
  make('h3', {}, heading),
  // Line ends stay; a screen of text is enough to read, the record has the rest.
  make('pre', { tabindex: '0', 'aria-label': heading }, text.split('\n').map(shown).join('\n')),
]

const requestOf = ({ request, cut, path }: ReportedOp): readonly HTMLElement[] => [
  ...textOf('Request', request),
  ...(cut ? [make('p', { class: 'quiet' }, `It goes on in ${path}.`)] : []),
]

/** Shows everything about one Op. Escape, or the button, leads back to where the reader was. */
export const showDetails = (op: ReportedOp): void => {
  place('details-heading', HTMLElement).textContent = op.id
  const rows = rowsOf(op).flatMap(([name, value]) =>
    value === undefined ? [] : [make('dt', {}, name), make('dd', {}, shown(value))],
  )
  place('details-body', HTMLElement).replaceChildren(
    make('dl', { class: 'facts' }, ...rows),
    ...requestOf(op),
    ...(op.reason === undefined ? [] : textOf('Why it ended so', op.reason)),
    ...listOf(
      'Made under it',
      (op.links ?? []).map(({ what, ref }) => `${what}: ${ref}`),
    ),
    ...listOf('Problems of the record', op.problems ?? []),
  )
  if (!dialog.open) dialog.showModal()
}

/** A click beside the panel closes it too. */
export const watchDetails = (): void => {
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
}
