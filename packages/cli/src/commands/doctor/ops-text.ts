import type { DoctorReport, Finding, Mended } from '@kitty/doctor'
import { printableLine } from '../../terminal/printable.js'
import { severityText } from '../../terminal/problem.js'
import type { Style } from '../../terminal/style.js'

const findingText = ({ severity, id, message }: Finding, style: Style): string =>
  `${severityText(severity, style)}  ${printableLine(message)} ${style.dim(`[${id}]`)}\n`

const mendedText = ({ done, message }: Mended, style: Style): string => {
  const mark = done ? style.green('mended') : style.yellow('not mended')
  return `${mark}  ${printableLine(message)}\n`
}

const plannedText = ({ message }: Mended): string => `${printableLine(message)}\n`

const sweepText = ({ swept, skipped_fresh, threshold_hours }: DoctorReport): string => {
  const closed = swept > 0 ? `${swept} closed as abandoned.\n` : ''
  const left = `${skipped_fresh} younger than ${threshold_hours} h left open.\n`
  return skipped_fresh > 0 ? closed + left : closed
}

const count = (findings: readonly Finding[], severity: Finding['severity']): string => {
  const number = findings.filter((finding) => finding.severity === severity).length
  return number === 1 ? `1 ${severity}` : `${number} ${severity}s`
}

/** What the doctor was asked to do. */
export type Asked = {
  readonly dryRun: boolean
  readonly deep: boolean
  /** Empty: all checks. */
  readonly checks: readonly string[]
}

/** Only all checks together can say that a store is healthy. */
const wellText = ({ findings }: DoctorReport, { checks }: Asked): string => {
  if (checks.length === 0) return 'Healthy.'
  return findings.length === 0 ? `Nothing found by ${checks.join(', ')}.` : 'Nothing to do.'
}

/** Whether there is something to mend that was not tried just now, without success. */
const isMendable = ({ findings, mended }: DoctorReport, { dryRun }: Asked): boolean => {
  const failed = new Set(mended.flatMap(({ id, done }) => (done || dryRun ? [] : [id])))
  return findings.some(({ id, fixable }) => fixable && !failed.has(id))
}

const verdict = (report: DoctorReport, asked: Asked, style: Style): string => {
  if (report.healthy) return `${style.green(wellText(report, asked))}\n`
  const sum = `${count(report.findings, 'error')}, ${count(report.findings, 'warning')}.`
  if (!isMendable(report, asked)) return `${sum}\n`
  const flags = [...(asked.deep ? ['--deep'] : []), ...asked.checks.map((id) => `--check ${id}`)]
  const command = ['spec-kitty doctor ops --fix', ...flags].join(' ')
  return `${sum} Mend what can be: ${command}\n`
}

/** What the doctor did, what is wrong, worst first, and the verdict. */
export const doctorText = (report: DoctorReport, asked: Asked, style: Style): string =>
  [
    ...report.mended.map((mended) =>
      asked.dryRun ? plannedText(mended) : mendedText(mended, style),
    ),
    sweepText(report),
    ...report.findings.map((finding) => findingText(finding, style)),
    verdict(report, asked, style),
  ].join('')
