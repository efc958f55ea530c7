import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { AGENT_ARG } from '../../hooks/agent-arg.js'
import { changeSettings, withoutHooks } from '../../hooks/claude-settings.js'
import { openProject } from '../../project/project.js'

export class HooksRemove extends BaseCommand {
  static override description = `\
Takes out of .claude/settings.json what "hooks install" put in, and nothing else.`
  static override usage = 'hooks remove claude-code [--json]'
  static override examples = ['<%= config.bin %> hooks remove claude-code']
  static override args = AGENT_ARG

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(HooksRemove)
    const { root } = await openProject(this.io, flags)
    const { path, changed } = await changeSettings(root, withoutHooks)
    return {
      json: { result: 'success', path, changed },
      text: () =>
        changed ? `The hooks are out of ${path}.\n` : `There were no hooks of ours in ${path}.\n`,
    }
  }
}
