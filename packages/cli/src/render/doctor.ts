import type { DoctorReport, Finding, Mended } from '@kitty/doctor'
import { printableLine } from './printable.js'
import { severityText } from './problem.js'
import type { Style } from './style.js'

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

const verdict = ({ healthy, findings }: DoctorReport, style: Style): string => {
  if (healthy) return `${style.green('Healthy.')}\n`
  const sum = `${count(findings, 'error')}, ${count(findings, 'warning')}.`
  const fixable = findings.some((finding) => finding.fixable)
  return fixable ? `${sum} Mend what can be: spec-kitty doctor ops --fix\n` : `${sum}\n`
}

/** What the doctor did, what is wrong, worst first, and the verdict. */
export const doctorText = (report: DoctorReport, dryRun: boolean, style: Style): string =>
  [
    ...report.mended.map((mended) => (dryRun ? plannedText(mended) : mendedText(mended, style))),
    sweepText(report),
    ...report.findings.map((finding) => findingText(finding, style)),
    verdict(report, style),
  ].join('')
