import { BaseCommand } from '../command/base-command.js'
import type { CommandResult } from '../command/result.js'
import { agentInstructions } from '../hooks/agent-instructions.js'
import type { AgentInstructionsJson } from '../json/setup.js'

export class Agents extends BaseCommand {
  static override description = `\
Prints what an agent must know to record its work, in at most 1,000 characters of Markdown. "hooks install
--instructions" puts the same text into the file that the agent reads.`
  static override usage = '<%= command.id %> [--json]'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  protected override async execute(): Promise<CommandResult<AgentInstructionsJson>> {
    await this.parse(Agents)
    const instructions = agentInstructions(this.outputMode)
    return { json: { instructions }, text: () => instructions }
  }
}
