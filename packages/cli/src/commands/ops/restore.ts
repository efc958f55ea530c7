import type { RestoreReport } from '@kitty/doctor'
import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import { UsageError } from '../../command/errors.js'
import { hintFor } from '../../command/hints.js'
import { inProject, ownCommand, type Program } from '../../command/program.js'
import type { CommandResult } from '../../command/result.js'
import { typedId } from '../../find/last-op.js'
import type { RestoreJson } from '../../json/repository.js'
import { openProject } from '../../project/project.js'
import { printableLine } from '../../terminal/printable.js'
import type { Style } from '../../terminal/style.js'

const ORIGIN = {
  head: 'git',
  intent: 'the state folder',
  history: 'an earlier commit',
  ledger: 'the ledger',
} as const

/** The restored records and their sources, then those that were not restored and why. */
const restoreText = ({ restored, left }: RestoreReport, style: Style): string => {
  const back = restored.map(
    ({ path, from }) => `${style.green('restored')}  ${printableLine(path)} from ${ORIGIN[from]}\n`,
  )
  const others = left.map(
    ({ message, hint }) =>
      `${style.yellow('left')}  ${printableLine(`${message} ${hint}`.trim())}\n`,
  )
  const nothing = restored.length + left.length === 0 ? ['No record is missing.\n'] : []
  return [...back, ...others, ...nothing].join('')
}

/** The ids to restore; without `ids`, all. Throws a usage error. */
const wanted = (
  named: readonly string[] = [],
  all: boolean,
  program: Program,
): { readonly ids?: readonly string[] } => {
  if (all && named.length === 0) return {}
  if (!all && named.length > 0) return { ids: named }
  const what = all ? "--all and ids can't be used together." : 'Missing ID or --all'
  throw new UsageError('USAGE', what, {
    hint: `To restore every missing record: ${ownCommand(program, 'ops restore', { flags: '--all' })}`,
  })
}

export class OpsRestore extends BaseCommand {
  static override description = `\
Restores records from HEAD, and records that are not committed yet from the state folder. If you
give its id, a record that a later commit deleted is restored from history, and one that is on no branch from the ledgers. An Op
that was erased on purpose is never restored. Nothing on disk is overwritten, and nothing is committed.`
  static override usage = '<%= command.id %> [ID...] [--all] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --all',
    '<%= config.bin %> <%= command.id %> 01K6ZP4W',
  ]
  static override args = {
    ID: string({
      multiple: true,
      ignoreStdin: true,
      description: 'Ids, unique prefixes or endings, or @last.',
    }),
  }
  static override flags = {
    all: boolean({ summary: 'Restore every missing record.' }),
  }

  protected override async execute(): Promise<CommandResult<RestoreJson>> {
    const { args, flags } = await this.parse(OpsRestore)
    const which = wanted(args.ID, flags.all, this.outputMode)
    const project = await openProject(this.io, flags)
    const ops = await project.open('reading')
    const program = inProject(this.outputMode, project.root, this.io.cwd)
    const { restoreOps } = await import('@kitty/doctor')
    const ids = which.ids && (await Promise.all(which.ids.map((id) => typedId(ops, id))))
    const found = await restoreOps({ ops, ...definedFields({ ids }) })
    const left = found.left.map((each) => {
      const about = { id: each.invocation_id, path: each.path }
      // How to compare it with a ledger is known only where the copy was found.
      const isInLedger = each.from === 'ledger'
      return isInLedger ? each : { ...each, hint: hintFor(each.code, each.hint, about, program) }
    })
    const report = { ...found, left }
    return {
      json: report,
      text: (style) => restoreText(report, style),
      // A record that is already on disk is not an error.
      exitStatus: report.left.every(({ code }) => code === 'PRESENT') ? 0 : 1,
    }
  }
}
