import { BaseCommand } from '../command/base-command.js'
import type { Io } from '../command/io.js'
import { outputModeOf } from '../command/output-mode.js'
import { type CommandResult, printError, printResult } from '../command/result.js'
import { asKittyError } from '../command/usage.js'
import type { NothingJson } from '../json/setup.js'
import { openProject, type Project } from '../project/project.js'
import { type HookInput, readHookInput } from './hook-input.js'

/** What a hook acts on. */
export type HookSetting = {
  readonly io: Io
  readonly project: Project
  readonly input: HookInput
}

const SILENT: CommandResult<NothingJson> = { json: {}, text: () => '' }

/**
 * A command that an agent runs on an event of a session. An error must not disturb the session: the exit status is
 * always 0, and an error is printed only with `--debug` or `--json`.
 */
export abstract class HookCommand<Json> extends BaseCommand {
  /** The event that the hook is for. Input without an event is accepted, so that the command can be run by hand. */
  protected abstract readonly event: string

  /** Acts on the event. Returns the output for the agent, or `undefined` if there is none. */
  protected abstract act(setting: HookSetting): Promise<CommandResult<Json> | undefined>

  protected override async execute(): Promise<CommandResult<Json | NothingJson>> {
    const { flags } = await this.parse(HookCommand)
    const input = await readHookInput(this.io)
    // The hook can be configured for another event, such as the end of every turn.
    if (input.event !== undefined && input.event !== this.event) return SILENT
    const io = { ...this.io, cwd: input.cwd ?? this.io.cwd }
    const project = await openProject(io, flags)
    return (await this.act({ io, project, input })) ?? SILENT
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
