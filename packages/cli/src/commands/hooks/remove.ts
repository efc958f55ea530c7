import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { AGENT_ARG } from '../../hooks/agent-arg.js'
import { changeSettings, withoutHooks } from '../../hooks/claude-settings.js'
import type { HooksChangedJson } from '../../json/setup.js'
import { openProject } from '../../project/project.js'

export class HooksRemove extends BaseCommand {
  static override description = `\
Removes what "hooks install" added to .claude/settings.json, and nothing else.`
  static override usage = '<%= command.id %> claude-code [--json]'
  static override examples = ['<%= config.bin %> <%= command.id %> claude-code']
  static override args = AGENT_ARG

  protected override async execute(): Promise<CommandResult<HooksChangedJson>> {
    const { flags } = await this.parse(HooksRemove)
    const { root } = await openProject(this.io, flags)
    const { path, changed } = await changeSettings(root, (settings) =>
      withoutHooks(settings, this.outputMode),
    )
    return {
      json: { result: 'success', path, changed },
      text: () =>
        changed ? `Removed the hooks from ${path}.\n` : `${path} has no hooks of this program.\n`,
    }
  }
}
