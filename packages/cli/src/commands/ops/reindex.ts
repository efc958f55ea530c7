import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { openProject } from '../../project/project.js'

export class OpsReindex extends BaseCommand {
  static override description = `\
The index is only a cache. Rebuilding it loses nothing and resolves any conflict in it. It is committed
with the next Op.`
  static override usage = '<%= command.id %> [--json]'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(OpsReindex)
    const project = await openProject(this.io, flags)
    const ops = await project.open('reading')
    const { rows } = await ops.reindex()
    const { INDEX_PATH } = await import('@kitty/writer/internals')
    return {
      json: { result: 'success', rows, path: INDEX_PATH },
      text: () => `Rebuilt ${INDEX_PATH}: ${rows} ${rows === 1 ? 'row' : 'rows'}.\n`,
    }
  }
}
