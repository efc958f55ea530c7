import type { CommitResult, Ops } from '@kitty/writer'
import { boolean } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { hintedCommit } from '../../command/hints.js'
import { inProject } from '../../command/program.js'
import type { CommandResult } from '../../command/result.js'
import type { ReindexJson, UntrackIndexJson } from '../../json/repository.js'
import { openProject } from '../../project/project.js'
import { printableLine } from '../../terminal/printable.js'

const SHA = 10

const WHY_NOT = {
  'no-repository': 'Nothing was committed: this is not a git repository.',
  'closed-beside': 'Nothing was committed.',
  disabled: 'Nothing was committed: commits are turned off.',
} as const

const untrackedText = (commit: CommitResult, path: string): string => {
  if (commit.status === 'committed') {
    return commit.earlier
      ? `The branch does not track ${path}.\n`
      : `Took ${path} out of the branch, committed as ${commit.sha.slice(0, SHA)}.\n`
  }
  if (commit.status === 'skipped') return `${WHY_NOT[commit.reason]}\n`
  const hint = commit.hint === undefined ? '' : `  ${printableLine(commit.hint)}\n`
  return `Nothing was committed: ${printableLine(commit.message)}\n${hint}`
}

export class OpsReindex extends BaseCommand {
  static override description = `\
The index is only a cache: rebuilding it loses nothing and resolves any conflict in it. It is a local
file, unless the branch tracks it or ops.commit_index is true; then it is committed with the next Op.`
  static override usage = '<%= command.id %> [--untrack] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --untrack',
  ]
  static override flags = {
    untrack: boolean({
      summary:
        'Take the index out of the branch, in one commit. Your own staged work is unchanged.',
    }),
  }

  protected override async execute(): Promise<CommandResult<ReindexJson | UntrackIndexJson>> {
    const { flags } = await this.parse(OpsReindex)
    const project = await openProject(this.io, flags)
    const { INDEX_PATH: path } = await import('@kitty/writer/internals')
    if (flags.untrack) return this.#untrack(await project.open('closing'), path)
    const { rows } = await (await project.open('opening')).reindex()
    return {
      json: { result: 'success', rows, path },
      text: () =>
        rows === 0
          ? 'No closed Op is here, so the index has no rows.\n'
          : `Rebuilt ${path}: ${rows} ${rows === 1 ? 'row' : 'rows'}.\n`,
    }
  }

  async #untrack(ops: Ops, path: string): Promise<CommandResult<UntrackIndexJson>> {
    const commit = hintedCommit(
      await ops.untrackIndex(),
      {},
      inProject(this.outputMode, ops.root, this.io.cwd),
    )
    const isDone = commit.status === 'committed'
    return {
      json: { result: isDone ? 'success' : 'failure', path, commit },
      text: () => untrackedText(commit, path),
      exitStatus: isDone ? 0 : 1,
    }
  }
}
