import type { Finding } from '@kitty/doctor'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { COULD_NOT_LOOK, UsageError } from '../../command/errors.js'
import type { Io } from '../../command/io.js'
import { withCommands } from '../../command/next-steps.js'
import type { OutputMode } from '../../command/output-mode.js'
import { inProject, ownCommand, type Program } from '../../command/program.js'
import { progressOn } from '../../command/progress.js'
import type { CommandResult } from '../../command/result.js'
import type { DoctorJson } from '../../json/repository.js'
import type { FindingJson } from '../../json/shared.js'
import { openProject } from '../../project/project.js'
import { findingText } from '../../terminal/finding.js'
import { printableLine } from '../../terminal/printable.js'
import { severityText } from '../../terminal/problem.js'
import type { Style } from '../../terminal/style.js'
import { wrapWidth } from '../../terminal/wrap.js'

const LABEL_WIDTH = 'warning'.length

const lineOf = (finding: FindingJson, width: number, style: Style): string =>
  findingText(
    { ...finding, label: finding.severity, paint: () => severityText(finding.severity, style) },
    { labelWidth: LABEL_WIDTH, width, style },
  )

const fixedText = ({ done, message }: DoctorJson['fixed'][number], style: Style): string => {
  const label = done ? style.green('fixed') : style.yellow('not fixed')
  return `${label}  ${printableLine(message)}\n`
}

const plannedText = ({ message }: DoctorJson['fixed'][number]): string =>
  `${printableLine(message)}\n`

const sweepText = (report: DoctorJson): string => {
  const { swept, skipped_fresh, skipped_running, threshold_hours } = report
  const closed = swept > 0 ? `${swept} closed as abandoned.\n` : ''
  const left = `${skipped_fresh} left open: younger than ${threshold_hours} h.\n`
  const runs = `${skipped_running} left open: their command is still running.\n`
  return [closed, skipped_fresh > 0 ? left : '', skipped_running > 0 ? runs : ''].join('')
}

const count = (findings: readonly FindingJson[], severity: Finding['severity']): string => {
  const number = findings.filter((finding) => finding.severity === severity).length
  return number === 1 ? `1 ${severity}` : `${number} ${severity}s`
}

/** The flags of this run. */
type DoctorFlags = {
  readonly closeStale: boolean
  readonly dryRun: boolean
  readonly deep: boolean
  /** Empty: all checks. */
  readonly checks: readonly string[]
  /** `undefined` if not given. */
  readonly threshold: number | undefined
  readonly program: Program
}

/** Only all checks together can find that a store is healthy. */
const healthyText = ({ findings }: DoctorJson, { checks }: DoctorFlags): string => {
  if (checks.length === 0) return 'Healthy.'
  return findings.length === 0 ? `Nothing found by ${checks.join(', ')}.` : 'Nothing to do.'
}

/** Whether a finding can be fixed whose check has not just failed to fix it. */
const canBeFixed = ({ findings, fixed }: DoctorJson, { dryRun }: DoctorFlags): boolean => {
  const failed = new Set(fixed.flatMap(({ id, done }) => (done || dryRun ? [] : [id])))
  return findings.some(({ id, fixable }) => fixable && !failed.has(id))
}

/** The command of this run with one more flag; it can be pasted from any folder. */
const againText = (flag: string, { deep, checks, threshold, program }: DoctorFlags): string => {
  const flags = [
    flag,
    ...(threshold === undefined ? [] : [`--threshold ${threshold}`]),
    ...(deep ? ['--deep'] : []),
    ...checks.map((id) => `--check ${id}`),
  ].join(' ')
  return printableLine(ownCommand(program, 'doctor ops', { flags }))
}

/** A single stale Op has its own command; several can be closed together. */
const staleText = ({ findings }: DoctorJson, asked: DoctorFlags): string => {
  const number = findings.filter(({ id }) => id === 'stale-op').length
  if (number < 2 || asked.closeStale) return ''
  return `${number} Ops are stale. Close all of them as abandoned: ${againText('--close-stale', asked)}\n`
}

const exitStatusFor = ({ healthy, unchecked }: DoctorJson): number => {
  if (unchecked.length > 0) return COULD_NOT_LOOK
  return healthy ? 0 : 1
}

const verdict = (report: DoctorJson, asked: DoctorFlags, style: Style): string => {
  if (report.healthy) return `${style.green(healthyText(report, asked))}\n`
  const notChecked =
    report.unchecked.length > 0 ? ` Not checked: ${report.unchecked.join(', ')}.` : ''
  const sum = `${count(report.findings, 'error')}, ${count(report.findings, 'warning')}.${notChecked}`
  if (!canBeFixed(report, asked)) return `${sum}\n`
  return `${sum} Fix what can be fixed: ${againText('--fix', asked)}\n`
}

/** What was fixed, what is wrong, worst first, and the summary. */
const doctorText = (
  report: DoctorJson,
  asked: DoctorFlags,
  { width, style }: { readonly width: number; readonly style: Style },
): string =>
  [
    ...report.fixed.map((fix) => (asked.dryRun ? plannedText(fix) : fixedText(fix, style))),
    sweepText(report),
    ...report.findings.map((finding) => lineOf(finding, width, style)),
    staleText(report, asked),
    verdict(report, asked, style),
  ].join('')

const hoursOf = (threshold: string): number => {
  const hours = Number(threshold)
  if (threshold.trim() !== '' && hours >= 0 && hours < Number.POSITIVE_INFINITY) return hours
  const what = `--threshold: invalid number of hours ${JSON.stringify(threshold)}`
  throw new UsageError('USAGE', what, {
    hint: 'Use 0 or more; with 0 every open Op is stale.',
  })
}

/** Adds the other `spec-kitty` if a finding needs it: the path begins a printed command, since we have the same one. */
const withOtherProgram = async (
  findings: readonly Finding[],
  program: OutputMode,
  io: Io,
): Promise<Program> => {
  const verbs = findings.flatMap(({ next }) => next.map(({ verb }) => verb))
  if (!verbs.includes('upstream-close-stale')) return program
  const { findOtherProgram } = await import('../../upstream/other-program.js')
  return { ...program, upstream: findOtherProgram(io) }
}

export class DoctorOps extends BaseCommand {
  static override description = `\
Without flags it changes nothing. It also names the open and pending Ops of other work trees of the repository,
and of removed ones. Exit status: 0 healthy, 1 something is wrong or is still wrong after the fixes, 2 it could not
check everything.`
  static override usage =
    '<%= command.id %> [--close-stale] [--threshold HOURS] [--fix [--dry-run]] [--deep] [--check CHECK]'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --close-stale --threshold 48',
    '<%= config.bin %> <%= command.id %> --fix --dry-run --json',
  ]
  static override flags = {
    'close-stale': boolean({
      summary: 'Close stale Ops as abandoned, also those of removed work trees.',
    }),
    threshold: string({
      summary:
        'The age at which an open Op becomes stale; with 0, every open Op is stale. Default: ops.threshold_hours, then 24.',
      helpValue: 'HOURS',
    }),
    fix: boolean({
      summary:
        'Fix what can be fixed without guessing. What only you can decide (ledger-rewound) is fixed only with --check.',
    }),
    'dry-run': boolean({ summary: 'Change nothing; show what would be done.' }),
    deep: boolean({
      summary: 'Also check the whole history and search for secrets; takes longer.',
    }),
    check: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Run only this check. Can be repeated.',
      helpValue: 'CHECK',
    }),
  }

  protected override async execute(): Promise<CommandResult<DoctorJson>> {
    const { flags } = await this.parse(DoctorOps)
    const threshold = flags.threshold === undefined ? undefined : hoursOf(flags.threshold)
    const project = await openProject(this.io, flags)
    const { thresholdHours } = await project.settings()
    const ops = await project.open('closing')
    const { doctorOps } = await import('@kitty/doctor')
    const { hooksCheck } = await import('../../hooks/check-hooks.js')
    const outputMode = inProject(this.outputMode, project.root, this.io.cwd)
    const asked = {
      closeStale: flags['close-stale'],
      dryRun: flags['dry-run'],
      deep: flags.deep,
      checks: flags.check ?? [],
    }
    const progress = progressOn(this.io, outputMode.colour)
    const found = await doctorOps({
      ops,
      thresholdHours: threshold ?? thresholdHours,
      fix: flags.fix,
      ...asked,
      extraChecks: [
        hooksCheck(this.io, outputMode, async (command, cwd) => {
          const { whyNotRunning } = await import('../../op/run-command.js')
          return whyNotRunning(command, { ...this.io, cwd })
        }),
      ],
      clock: this.io.clock,
      onProgress: progress.show,
    }).finally(progress.clear)
    const program = await withOtherProgram(found.findings, outputMode, this.io)
    const report = { ...found, findings: found.findings.map(withCommands(program)) }
    const width = wrapWidth(this.io.stdout)
    return {
      json: report,
      text: (style) =>
        doctorText(report, { ...asked, threshold, program: outputMode }, { width, style }),
      exitStatus: exitStatusFor(report),
    }
  }

  protected override failed(): number {
    return COULD_NOT_LOOK
  }
}
