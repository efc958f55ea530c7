import type { Archived } from '@kitty/writer'
import { boolean, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import { UsageError } from '../../command/errors.js'
import { hintedCommit } from '../../command/hints.js'
import { inProject } from '../../command/program.js'
import type { CommandResult } from '../../command/result.js'
import type { ArchiveJson } from '../../json/repository.js'
import { openProject } from '../../project/project.js'
import { printableLine } from '../../terminal/printable.js'
import type { Style } from '../../terminal/style.js'

const counted = (count: number): string => (count === 1 ? '1 Op' : `${count} Ops`)

const SHA = 10

const WHY_NOT = {
  'no-repository': 'Nothing was archived: this is not a git repository.',
  'closed-beside': 'Nothing was archived.',
  disabled: 'Nothing was archived: commits are turned off.',
} as const

const doneText = ({ archivedIds, commit }: Archived, dryRun: boolean): string => {
  if (dryRun && commit === undefined) return `Would archive ${counted(archivedIds.length)}.\n`
  if (commit === undefined) return 'Nothing to archive.\n'
  if (commit.status === 'committed') {
    return `Archived ${counted(archivedIds.length)}, committed as ${commit.sha.slice(0, SHA)}.\n`
  }
  if (commit.status === 'skipped') return `${WHY_NOT[commit.reason]}\n`
  const hint = commit.hint === undefined ? '' : `  ${printableLine(commit.hint)}\n`
  return `Nothing was archived: ${printableLine(commit.message)}\n${hint}`
}

/** What an archive run moved, and what it left. */
const archiveText = (archived: Archived, dryRun: boolean, style: Style): string => {
  const blocked = archived.blockedIds.map(
    (id) => `${style.yellow('left')}  ${id}: another file is at its path in the archive.\n`,
  )
  return doneText(archived, dryRun) + blocked.join('')
}

const numberOf = (flag: string, text: string | undefined): number | undefined => {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? text : Number(text)
  const what = `--${flag}: invalid number ${JSON.stringify(text)}`
  throw new UsageError('USAGE', what, { hint: 'Use 0 or more, such as 30.' })
}

export class OpsArchive extends BaseCommand {
  static override description = `\
Moves Ops that are closed and committed to kitty-ops/archive, by the month in which they were opened.
Their records are unchanged, and every command finds them there. Your own staged work is unchanged.`
  static override usage = '<%= command.id %> [--older-than DAYS] [--keep N] [--dry-run]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --older-than 90',
    '<%= config.bin %> <%= command.id %> --older-than 0 --keep 1000',
  ]
  static override flags = {
    'older-than': string({
      summary: 'Archive Ops that were closed at least DAYS ago. Default: 30; 0 means all.',
      helpValue: 'DAYS',
    }),
    keep: string({
      summary: 'Keep the newest N Ops in place. Default: 0.',
      helpValue: 'N',
    }),
    'dry-run': boolean({ summary: 'Show what would be moved. Change nothing.' }),
  }

  protected override async execute(): Promise<CommandResult<ArchiveJson>> {
    const { flags } = await this.parse(OpsArchive)
    const olderThanDays = numberOf('older-than', flags['older-than'])
    const keep = numberOf('keep', flags.keep)
    const dryRun = flags['dry-run'] === true
    const project = await openProject(this.io, flags)
    const ops = await project.open('closing')
    const limits = definedFields({ olderThanDays, keep })
    const { archivedIds, blockedIds, commit } = await ops.archive({ dryRun, ...limits })
    const hinted =
      commit && hintedCommit(commit, {}, inProject(this.outputMode, ops.root, this.io.cwd))
    const isDone = (commit?.status ?? 'committed') === 'committed' && blockedIds.length === 0
    return {
      json: {
        result: isDone ? 'success' : 'failure',
        archived: archivedIds.length,
        invocation_ids: archivedIds,
        blocked: blockedIds,
        dry_run: dryRun,
        commit: hinted ?? null,
      },
      text: (style) =>
        archiveText({ archivedIds, blockedIds, ...(hinted && { commit: hinted }) }, dryRun, style),
      exitStatus: isDone ? 0 : 1,
    }
  }
}
