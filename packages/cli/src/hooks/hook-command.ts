import { boolean, option } from '@oclif/core/flags'
import type { HookEvent } from '../agents/agent.js'
import { AGENT_NAMES, agentNamed } from '../agents/registry.js'
import { BaseCommand } from '../command/base-command.js'
import type { Io } from '../command/io.js'
import { outputModeOf } from '../command/output-mode.js'
import { type CommandResult, printError, printResult } from '../command/result.js'
import { asKittyError } from '../command/usage.js'
import { runHook } from './run-hook.js'

/**
 * A command that an agent runs on an event of a session. An error must not disturb the session: the exit status is
 * always 0, and an error is printed only with `--debug` or `--json`.
 */
export abstract class HookCommand extends BaseCommand {
  static override usage = '<%= command.id %> [--agent AGENT] [--json]'
  static override examples = [
    '$ echo \'{"session_id": "1b4e28ba"}\' | <%= config.bin %> <%= command.id %>',
  ]
  static override flags = {
    agent: option({
      options: AGENT_NAMES,
      summary: 'The agent whose input it reads, and in whose form it answers.',
    })(),
    capture: boolean({ summary: 'Open an Op for each prompt and each sub-agent.' }),
  }

  protected abstract readonly event: HookEvent

  protected override async execute(): Promise<CommandResult<unknown>> {
    const { flags } = await this.parse(HookCommand)
    const { agent, capture, root } = flags
    const isInstalled = agent !== undefined
    const call = { event: this.event, agent: agentNamed(agent), isInstalled, capture, root }
    return runHook(call, this.io, this.outputMode)
  }

  override async launch(io: Io): Promise<number> {
    this.io = io
    const outputMode = outputModeOf(this.argv, io, this.config)
    try {
      printResult(await this.execute(), io, outputMode)
    } catch (error) {
      const site = { program: this.config, command: this.ctor.id.replaceAll(':', ' '), flags: [] }
      if (outputMode.debug || outputMode.json) printError(asKittyError(error, site), io, outputMode)
    }
    return 0
  }
}
