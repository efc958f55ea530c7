import { addUsages } from '@kitty/record'
import type { ReportedOp } from '../page/reported.js'
import { spanText } from '../terminal/time.js'
import { usageText } from '../terminal/usage.js'
import { codeBlock, cutTo, inlineCode } from './escape.js'

/** The first line. It is invisible where the Markdown is rendered, and shows that this program wrote the file. */
export const MARKER = '<!-- spec-kitty ops report -->'

/** GitHub takes comments of at most 65,536 characters, and a workflow adds to it. In bytes. */
export const MOST_BYTES = 60_000

const LONGEST = { summary: 100, request: 2000, reason: 1000, ref: 200 } as const

const MOST_LINKS = 20

const SIGNS = { done: '✅', failed: '❌', abandoned: '⚪', unknown: '❔', open: '⏳' } as const

const OUTCOMES = ['done', 'failed', 'abandoned', 'unknown', 'open'] as const

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const tookMs = ({ from, until }: ReportedOp): number | undefined =>
  until === undefined || from === 0 ? undefined : Math.max(0, until - from)

const tookText = (op: ReportedOp): string => {
  const took = tookMs(op)
  return took === undefined ? '' : ` after ${spanText(took)}`
}

const FULL_SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** An id is hex digits, so it is safe as it is; hosts make it a link. */
const commitText = (ref: string): string =>
  FULL_SHA.test(ref) ? ref : inlineCode(cutTo(ref, LONGEST.ref))

const linksText = ({ links = [] }: ReportedOp): string => {
  const shown = links.slice(0, MOST_LINKS).map(({ what, ref }) => {
    if (what === 'commit') return `commit ${commitText(ref)}`
    return `${inlineCode(cutTo(what, LONGEST.ref))} ${inlineCode(cutTo(ref, LONGEST.ref))}`
  })
  const left = links.length - shown.length
  const all = left > 0 ? [...shown, `and ${counted(left, 'more link')}`] : shown
  return all.length === 0 ? '' : `<p>Links: ${all.join(', ')}</p>\n`
}

const optional = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`${name} ${inlineCode(cutTo(value, LONGEST.ref))}`]

const factsText = (op: ReportedOp): string => {
  const used = op.usage === undefined ? '' : usageText(op.usage)
  const facts = [
    `Asked of ${inlineCode(cutTo(op.profile, LONGEST.ref))}`,
    ...optional('by', op.actor),
    ...optional('model', op.model),
    ...optional('mission', op.mission),
    ...optional('work package', op.wp),
    ...optional('evidence', op.evidence),
    ...(used === '' ? [] : [`used ${used}`]),
    ...(op.closedBy === 'doctor_sweep' ? ['closed by the doctor'] : []),
    ...(op.problems === undefined ? [] : [counted(op.problems.length, 'problem in the record')]),
  ]
  return `<p>${facts.join(', ')}. Op <code>${op.id}</code></p>\n`
}

/** The first line with text, for the fold. */
const excerptOf = ({ request, action }: ReportedOp): string =>
  cutTo(/\S[^\r\n]*/.exec(request)?.[0] ?? action, LONGEST.summary)

/** One Op, folded: one block of HTML without a blank line. */
const opText = (op: ReportedOp): string => {
  const request = op.request.trim()
  const cut = op.cut ? `${request}\n…` : request
  const { reason } = op
  return [
    `<details><summary>${SIGNS[op.outcome]} ${op.outcome}${tookText(op)}: ${inlineCode(cutTo(op.action, LONGEST.summary))} ${inlineCode(excerptOf(op))}</summary>\n`,
    ...(request === '' ? [] : [`${codeBlock(cutTo(cut, LONGEST.request))}\n`]),
    ...(reason === undefined
      ? []
      : [`<p>Why it ended this way:</p>\n${codeBlock(cutTo(reason.trim(), LONGEST.reason))}\n`]),
    factsText(op),
    linksText(op),
    '</details>\n',
  ].join('')
}

const totalsText = (ops: readonly ReportedOp[]): string => {
  const outcomes = OUTCOMES.flatMap((outcome) => {
    const count = ops.filter((op) => op.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${outcome}`]
  })
  const took = ops.reduce((sum, op) => sum + (tookMs(op) ?? 0), 0)
  const used = addUsages(ops.flatMap((op) => op.usage ?? []))
  const parts = [
    outcomes.join(', '),
    ...(took > 0 ? [`${spanText(took)} in all`] : []),
    ...(used === undefined ? [] : [`used ${usageText(used)}`]),
  ]
  return `**${counted(ops.length, 'Op')}**: ${parts.join('; ')}.\n`
}

/** The Markdown of a report: its text, and how many of the Ops are left out because it would be too long. */
export type ReportMarkdown = { readonly text: string; readonly leftOut: number }

/**
 * The Markdown of a report: totals, then each Op, folded, newest first; at most {@link MOST_BYTES} bytes. The texts of
 * records stay text in the renderers of GitHub and GitLab.
 */
export const reportMarkdown = (ops: readonly ReportedOp[]): ReportMarkdown => {
  if (ops.length === 0) return { text: `${MARKER}\n### Ops\n\nNo Ops.\n`, leftOut: 0 }
  const parts = [`${MARKER}\n### Ops\n\n${totalsText(ops)}`]
  // Room for the sentence about what is left out.
  let room = MOST_BYTES - 200 - Buffer.byteLength(parts[0] ?? '')
  let shown = 0
  for (const op of ops) {
    const text = `\n${opText(op)}`
    room -= Buffer.byteLength(text)
    if (room < 0) break
    parts.push(text)
    shown += 1
  }
  const leftOut = ops.length - shown
  if (leftOut > 0) {
    const which = leftOut === 1 ? 'Op is' : 'Ops are'
    parts.push(
      `\n${leftOut} older ${which} left out, since this report has at most ${MOST_BYTES / 1000} kB.\n`,
    )
  }
  return { text: parts.join(''), leftOut }
}
