import type { SkippedLedger, SyncedLedger, SyncProgress, SyncResult } from '@kitty/git-commit'
import { KittyError } from '@kitty/record'
import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import type { Io } from '../../command/io.js'
import { ownCommand, type Program } from '../../command/program.js'
import { progressOn } from '../../command/progress.js'
import type { CommandResult, Note } from '../../command/result.js'
import type { SyncJson } from '../../json/repository.js'
import { openProject, type Project } from '../../project/project.js'
import type { Style } from '../../terminal/style.js'

const ENDING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Runs `work` with a signal that a person's Ctrl-C, or the end of the terminal, aborts. */
const interruptible = async <T>(
  { signals }: Io,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  for (const name of ENDING) signals.on(name, abort)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of ENDING) signals.off(name, abort)
  }
}

const remoteOf = async (project: Project, named: string | undefined): Promise<string> => {
  const remote = named ?? (await project.settings()).remote
  if (remote !== undefined) return remote
  const { findNoWorkTree, findWorkTree } = await import('@kitty/writer/internals')
  const { root } = project
  if (((await findWorkTree(root)) ?? (await findNoWorkTree(root))) === undefined) {
    const { noRepository } = await import('@kitty/git-commit/inspect')
    throw noRepository(root)
  }
  throw new KittyError('REMOTE_MISSING', 'No remote was named.', {
    hint: 'Name one, or set ops.remote in .kittify/config.yaml.',
  })
}

const STEPS = {
  list: { verb: 'Asking', what: 'the remote' },
  fetch: { verb: 'Fetching', what: 'objects' },
  push: { verb: 'Pushing', what: 'objects' },
} as const

const progressOf = ({ step, ...counts }: SyncProgress) => ({ ...STEPS[step], ...counts })

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const ledgerJson = ({ writer, ops, foreign }: SyncedLedger) => ({
  writer,
  ...definedFields({ ops, foreign: foreign === 0 ? undefined : foreign }),
})

const skippedJson = ({ ref, reason, message, hint, ops }: SkippedLedger) => ({
  ref,
  reason,
  message,
  hint,
  ...definedFields({ invocation_ids: ops }),
})

const jsonOf = (result: SyncResult, dryRun: boolean): SyncJson => {
  const { remote, pushed, fetched, skipped, newWriter } = result
  return {
    remote,
    dry_run: dryRun,
    pushed: pushed.map(ledgerJson),
    fetched: fetched.map(ledgerJson),
    skipped: skipped.map(skippedJson),
    ...(newWriter && {
      new_writer: {
        from: newWriter.from,
        ...definedFields({ to: newWriter.to === '' ? undefined : newWriter.to }),
      },
    }),
  }
}

const lineOf = ({ writer, ops, foreign }: SyncedLedger, what: string): string => {
  const count = ops === undefined ? 'New Ops' : counted(ops, 'Op')
  const ignored = foreign === 0 ? '' : `; ${counted(foreign, 'other file')} ignored`
  return `${what}  ${count} of writer ${writer}${ignored}\n`
}

/** What came, then what went. */
const syncText = (result: SyncResult, dryRun: boolean, style: Style): string => {
  const { remote, pushed, fetched, skipped, newWriter } = result
  const [came, went] = dryRun ? ['Would fetch', 'Would push '] : ['Fetched', 'Pushed ']
  const renamed =
    newWriter === undefined
      ? []
      : [
          dryRun
            ? `This clone would take a new writer: another one writes as ${newWriter.from}.\n`
            : `This clone writes as ${newWriter.to} from now on: another one writes as ${newWriter.from}.\n`,
        ]
  const lines = [
    ...fetched.map((ledger) => lineOf(ledger, style.green(came))),
    ...renamed,
    ...pushed.map((ledger) => lineOf(ledger, style.green(went))),
  ]
  if (lines.length > 0) return lines.join('')
  return skipped.length > 0 ? '' : `Nothing new, here or on "${remote}".\n`
}

/** What was left out, as warnings; what an older server has is a note. The doctor is named where it helps. */
const notesOf = ({ skipped }: SyncResult, program: Program): readonly Note[] =>
  skipped.map(({ reason, message, hint }) => ({
    kind: reason === 'older' ? 'note' : 'warning',
    message,
    hint:
      reason === 'rewound'
        ? `Find out why, and decide: ${ownCommand(program, 'doctor ops', { flags: '--check ledger-rewound' })}`
        : hint,
  }))

export class OpsSync extends BaseCommand {
  static override description = `\
Publishes the closed Ops in the ledger of this clone on a remote, and collects those of other clones, which
"ops list --all", "ops show" and "ops report --all" then show. REMOTE is the name of a remote of this clone;
without it, ops.remote in .kittify/config.yaml. Only ledger refs (refs/kitty/ops) travel: no branch or tag, and
nothing of your own changes. No hook of this clone runs, and nothing prompts except at a terminal. Exit status:
0 all was exchanged, 1 something was not.`
  static override usage = '<%= command.id %> [REMOTE] [--dry-run] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> origin',
    '<%= config.bin %> <%= command.id %> origin --dry-run',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override args = {
    REMOTE: string({
      ignoreStdin: true,
      description: 'The name of a remote. Default: ops.remote.',
    }),
  }
  static override flags = {
    'dry-run': boolean({ summary: 'Show what would come and go. Change nothing.' }),
  }

  protected override async execute(): Promise<CommandResult<SyncJson>> {
    const { args, flags } = await this.parse(OpsSync)
    const dryRun = flags['dry-run'] === true
    const project = await openProject(this.io, flags)
    const remote = await remoteOf(project, args.REMOTE)
    const { syncLedgers } = await import('@kitty/git-commit')
    const progress = progressOn(this.io, this.outputMode.colour)
    const { stdin, stderr } = this.io
    const result = await interruptible(this.io, (signal) =>
      syncLedgers(project.root, {
        remote,
        dryRun,
        signal,
        canPrompt: stdin.isTTY && stderr.isTTY,
        onProgress: (each) => progress.show(progressOf(each)),
      }),
    ).finally(progress.clear)
    return {
      json: jsonOf(result, dryRun),
      text: (style) => syncText(result, dryRun, style),
      notes: notesOf(result, this.outputMode),
      exitStatus: result.skipped.every(({ reason }) => reason === 'older') ? 0 : 1,
    }
  }
}
