import { BaseCommand } from '../command/base-command.js'
import type { Io } from '../command/io.js'
import { outputModeOf } from '../command/output-mode.js'
import { type CommandResult, printError, printResult } from '../command/result.js'
import { asKittyError } from '../command/usage.js'
import { openProject, type Project } from '../project/project.js'
import { type HookInput, readHookInput } from './hook-input.js'

/** What a hook may go by. */
export type HookSetting = {
  readonly io: Io
  readonly project: Project
  readonly input: HookInput
}

const SILENT: CommandResult = { json: {}, text: () => '' }

/**
 * A command that an agent runs by itself: nobody reads its errors, and none may disturb the session. It
 * ends with exit status 0 whatever happens, and what went wrong is told with `--debug` alone.
 */
export abstract class HookCommand extends BaseCommand {
  /** The event that the hook is for. Whoever starts it by hand names none. */
  protected abstract readonly event: string

  /** What the agent is to be told; undefined for nothing. */
  protected abstract act(setting: HookSetting): Promise<CommandResult | undefined>

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(HookCommand)
    const input = await readHookInput(this.io)
    // Wired to another event, such as the end of every turn, it has nothing to say.
    if (input.event !== undefined && input.event !== this.event) return SILENT
    const io = { ...this.io, cwd: input.cwd ?? this.io.cwd }
    const project = await openProject(io, flags)
    return (await this.act({ io, project, input })) ?? SILENT
  }

  override async launch(io: Io): Promise<number> {
    this.io = io
    const outputMode = outputModeOf(this.argv, io)
    try {
      printResult(await this.execute(), io, outputMode)
    } catch (error) {
      const place = { command: this.ctor.id.replaceAll(':', ' '), flags: [] }
      if (outputMode.debug) printError(asKittyError(error, place), io, outputMode)
    }
    return 0
  }
}
