import type { AppliedFix, DoctorReport, Finding } from '@kitty/doctor'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { COULD_NOT_LOOK, UsageError } from '../../command/errors.js'
import { rootFlag, withRoot } from '../../command/for-root.js'
import { progressOn } from '../../command/progress.js'
import type { CommandResult } from '../../command/result.js'
import { openProject } from '../../project/project.js'
import { printableLine } from '../../terminal/printable.js'
import { severityText } from '../../terminal/problem.js'
import type { Style } from '../../terminal/style.js'

const findingText = ({ severity, id, message }: Finding, style: Style): string =>
  `${severityText(severity, style)}  ${printableLine(message)} ${style.dim(`[${id}]`)}\n`

const mendedText = ({ done, message }: AppliedFix, style: Style): string => {
  const mark = done ? style.green('mended') : style.yellow('not mended')
  return `${mark}  ${printableLine(message)}\n`
}

const plannedText = ({ message }: AppliedFix): string => `${printableLine(message)}\n`

const sweepText = (report: DoctorReport): string => {
  const { swept, skipped_fresh, skipped_running, threshold_hours } = report
  const closed = swept > 0 ? `${swept} closed as abandoned.\n` : ''
  const left = `${skipped_fresh} younger than ${threshold_hours} h left open.\n`
  const runs = `${skipped_running} left open, as their command still runs.\n`
  return [closed, skipped_fresh > 0 ? left : '', skipped_running > 0 ? runs : ''].join('')
}

const count = (findings: readonly Finding[], severity: Finding['severity']): string => {
  const number = findings.filter((finding) => finding.severity === severity).length
  return number === 1 ? `1 ${severity}` : `${number} ${severity}s`
}

/** What the doctor was asked to do. */
type DoctorFlags = {
  readonly closeStale: boolean
  readonly dryRun: boolean
  readonly deep: boolean
  /** Empty: all checks. */
  readonly checks: readonly string[]
  /** Missing where none was given. */
  readonly threshold: number | undefined
  /** The project root, where it was named. */
  readonly root: string | undefined
}

/** Only all checks together can say that a store is healthy. */
const wellText = ({ findings }: DoctorReport, { checks }: DoctorFlags): string => {
  if (checks.length === 0) return 'Healthy.'
  return findings.length === 0 ? `Nothing found by ${checks.join(', ')}.` : 'Nothing to do.'
}

/** Whether there is something to mend that was not tried just now, without success. */
const isMendable = ({ findings, mended }: DoctorReport, { dryRun }: DoctorFlags): boolean => {
  const failed = new Set(mended.flatMap(({ id, done }) => (done || dryRun ? [] : [id])))
  return findings.some(({ id, fixable }) => fixable && !failed.has(id))
}

/** The command of this run with one more flag, to be pasted anywhere. */
const againText = (flag: string, { deep, checks, threshold, root }: DoctorFlags): string =>
  [
    `spec-kitty doctor ops${printableLine(rootFlag(root))} ${flag}`,
    ...(threshold === undefined ? [] : [`--threshold ${threshold}`]),
    ...(deep ? ['--deep'] : []),
    ...checks.map((id) => `--check ${id}`),
  ].join(' ')

/** One Op that is forgotten has its own command; several can be closed together. */
const forgottenText = ({ findings }: DoctorReport, asked: DoctorFlags): string => {
  const number = findings.filter(({ id }) => id === 'stale-op').length
  if (number < 2 || asked.closeStale) return ''
  return `${number} Ops are forgotten. Close all of them as abandoned: ${againText('--close-stale', asked)}\n`
}

const verdict = (report: DoctorReport, asked: DoctorFlags, style: Style): string => {
  if (report.healthy) return `${style.green(wellText(report, asked))}\n`
  const sum = `${count(report.findings, 'error')}, ${count(report.findings, 'warning')}.`
  if (!isMendable(report, asked)) return `${sum}\n`
  return `${sum} Mend what can be: ${againText('--fix', asked)}\n`
}

/** What the doctor did, what is wrong, worst first, and the verdict. */
const doctorText = (report: DoctorReport, asked: DoctorFlags, style: Style): string =>
  [
    ...report.mended.map((mended) =>
      asked.dryRun ? plannedText(mended) : mendedText(mended, style),
    ),
    sweepText(report),
    ...report.findings.map((finding) => findingText(finding, style)),
    forgottenText(report, asked),
    verdict(report, asked, style),
  ].join('')

/** The same, with commands that act on the root that was named. */
const toldHere = (report: DoctorReport, root: string | undefined): DoctorReport => ({
  ...report,
  findings: report.findings.map(withRoot(root)),
  mended: report.mended.map(withRoot(root)),
})

const hoursOf = (threshold: string): number => {
  const hours = Number(threshold)
  if (threshold.trim() !== '' && hours >= 0 && hours < Number.POSITIVE_INFINITY) return hours
  const what = `--threshold: not a number of hours: ${JSON.stringify(threshold)}`
  throw new UsageError('USAGE', what, {
    hint: 'Give 0 or more; 0 counts every open Op as forgotten.',
  })
}

export class DoctorOps extends BaseCommand {
  static override description = `\
Without flags it changes nothing. Exit status: 0 healthy, 1 something was found or is left, 2 it could
not look.`
  static override usage =
    'doctor ops [--close-stale] [--threshold HOURS] [--fix [--dry-run]] [--deep] [--check ID]'
  static override examples = [
    '<%= config.bin %> doctor ops',
    '<%= config.bin %> doctor ops --close-stale --threshold 48',
    '<%= config.bin %> doctor ops --fix --dry-run --json',
  ]
  static override flags = {
    'close-stale': boolean({
      summary: 'Close open Ops as old as the threshold, or older, as abandoned.',
    }),
    threshold: string({
      summary:
        'From this age on an open Op counts as forgotten; 0: every one. Default: ops.threshold_hours, then 24.',
      helpValue: 'HOURS',
    }),
    fix: boolean({ summary: 'Mend what can be mended without a guess.' }),
    'dry-run': boolean({ summary: 'Change nothing; say what would be done.' }),
    deep: boolean({ summary: 'Look also at the whole history and for secrets; takes longer.' }),
    check: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Make only this check. May be given again.',
      helpValue: 'ID',
    }),
  }

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(DoctorOps)
    const threshold = flags.threshold === undefined ? undefined : hoursOf(flags.threshold)
    const project = await openProject(this.io, flags)
    const { thresholdHours } = await project.settings()
    const ops = await project.open('closing')
    const { doctorOps } = await import('@kitty/doctor')
    const { root, colour } = this.outputMode
    const asked = {
      closeStale: flags['close-stale'],
      dryRun: flags['dry-run'],
      deep: flags.deep,
      checks: flags.check ?? [],
    }
    const progress = progressOn(this.io, colour)
    const found = await doctorOps({
      ops,
      thresholdHours: threshold ?? thresholdHours,
      fix: flags.fix,
      ...asked,
      clock: this.io.clock,
      onProgress: progress.show,
    }).finally(progress.clear)
    const report = toldHere(found, root)
    return {
      json: report,
      text: (style) => doctorText(report, { ...asked, threshold, root }, style),
      exitStatus: report.healthy ? 0 : 1,
    }
  }

  protected override failed(): number {
    return COULD_NOT_LOOK
  }
}
