import { agentNamed } from '../../agents/registry.js'
import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { AGENT_ARG, USER_FLAG } from '../../hooks/agent-arg.js'
import { remove } from '../../hooks/installation.js'
import type { HooksChangedJson } from '../../json/setup.js'
import { openProject } from '../../project/project.js'

export class HooksRemove extends BaseCommand {
  static override description = `\
Removes what "hooks install" added for an agent: hooks, instructions and skill, and nothing else. A file that has
not been changed since is restored byte for byte; one that did not exist is deleted.`
  static override usage = '<%= command.id %> AGENT [--user] [--json]'
  static override examples = ['<%= config.bin %> <%= command.id %> claude-code']
  static override args = AGENT_ARG
  static override flags = USER_FLAG

  protected override async execute(): Promise<CommandResult<HooksChangedJson>> {
    const { args, flags } = await this.parse(HooksRemove)
    const { root } = await openProject(this.io, flags)
    const agent = agentNamed(args.AGENT)
    const scope = flags.user ? 'user' : 'project'
    const { variables } = this.io
    const files = await remove({ agent, scope, root, variables, program: this.outputMode })
    const [{ path } = { path: '' }] = files
    const changed = files.some((file) => file.changed)
    const removed = files.filter((file) => file.changed)
    return {
      json: { result: 'success', path, changed, files },
      text: () =>
        changed
          ? removed
              .map((file) => `Removed the hooks and instructions from ${file.path}.\n`)
              .join('')
          : `${path} has no hooks of this program.\n`,
    }
  }
}
